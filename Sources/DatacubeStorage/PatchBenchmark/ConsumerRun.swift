/// A consumer that takes patches one after the other and works on each for a while, as training does, with workers that load
/// ahead.
extension BenchmarkRound {
    /// Takes all patches, those of each round apart, and tells how much of the time the consumer worked.
    ///
    /// The clock starts when the first patch is there. Pixels that wait are not kept: workers load into their one array each.
    func consume(
        _ rounds: [[Patch]],
        source: Int,
        workers: Int,
        consumer: BenchmarkJob.Consumer
    ) async throws -> TrainingWait {
        let patches = rounds.flatMap { $0 }
        let lanes = (0..<workers).map { _ in PrefetchLane(ahead: consumer.prefetch) }
        let waits = try await withThrowingTaskGroup(of: [Double].self) { group in
            for (worker, lane) in lanes.enumerated() {
                let own = stride(from: worker, to: patches.count, by: workers).map { patches[$0] }
                group.addTask {
                    try await lane.fill(own) { try await load($0, worker: worker, source: source) }
                    return []
                }
            }
            group.addTask { try await Self.take(patches.count, from: lanes, step: consumer.step) }
            return try await group.reduce([]) { $0 + $1 }
        }
        return Self.wait(waits, perRound: rounds[0].count, of: sourceName(source), workers: workers, consumer: consumer)
    }

    /// Seconds that the consumer waited before each patch.
    private static func take(_ count: Int, from lanes: [PrefetchLane], step: Double) async throws -> [Double] {
        var arrivals = lanes.map { $0.arrived.makeAsyncIterator() }
        var waits: [Double] = []
        for position in 0..<count {
            let lane = position % lanes.count
            let start = SystemClock.seconds()
            guard await arrivals[lane].next() != nil else { break }
            waits.append(position == 0 ? 0 : SystemClock.seconds() - start)
            lanes[lane].free.yield()
            try await Task.sleep(for: .seconds(step))
        }
        return waits
    }

    private static func wait(
        _ waits: [Double],
        perRound: Int,
        of name: String,
        workers: Int,
        consumer: BenchmarkJob.Consumer
    ) -> TrainingWait {
        let shares = stride(from: 0, to: waits.count, by: perRound).map { start in
            let part = waits[start..<min(start + perRound, waits.count)]
            let work = Double(part.count) * consumer.step
            return work / (work + part.reduce(0, +))
        }
        let work = Double(waits.count) * consumer.step
        let estimate = MeanEstimate(shares)
        let interval = [max(0, estimate.interval.lowerBound), min(1, estimate.interval.upperBound)]
        return TrainingWait(
            source: name,
            workers: workers,
            prefetch: consumer.prefetch,
            step: consumer.step * 1000,
            utilisation: work / (work + waits.reduce(0, +)),
            interval: shares.count > 1 ? interval : nil
        )
    }
}

/// One worker's way to the consumer: so many patches may wait in it.
private struct PrefetchLane: Sendable {
    /// A place for each patch that may be loaded.
    let places: AsyncStream<Void>
    let free: AsyncStream<Void>.Continuation
    /// A patch that is there.
    let arrived: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init(ahead: Int) {
        (places, free) = AsyncStream<Void>.makeStream()
        (arrived, arrival) = AsyncStream<Void>.makeStream()
        for _ in 0..<ahead { free.yield() }
    }

    /// Loads patches one by one, each when there is a place for it.
    func fill(_ patches: [Patch], load: (Patch) async throws -> Void) async throws {
        defer { arrival.finish() }
        var places = places.makeAsyncIterator()
        for patch in patches {
            guard await places.next() != nil else { return }
            try await load(patch)
            arrival.yield()
        }
    }
}
