import Logging

/// The rounds of a run, and what has been measured so far.
struct BenchmarkRun {
    private let settings: BenchmarkJob.Settings
    private let set: SourceSet
    private let log: Logger
    private var round: BenchmarkRound
    /// Those that take turns.
    private(set) var contenders: [Contender]
    /// What was measured of each of them.
    private(set) var measurements: [SourceMeasurement]
    /// The patches that count.
    private(set) var patches: [PatchRecord] = []
    /// Why and when the rounds ended.
    private(set) var end = RunEnd(rule: "rounds", rounds: 0, seconds: 0)

    // Another attempt helps where something passing kept the state from being right; a third shows that it does not pass.
    private static let attempts = 3

    init(
        _ settings: BenchmarkJob.Settings,
        set: SourceSet,
        logs: [ReadLog],
        environment: RunEnvironment,
        log: Logger
    ) throws {
        self.settings = settings
        self.set = set
        self.log = log
        let kinds = set.sources.map { environment.fileSystems[$0.place.store.properties.folder ?? ""] ?? "" }
        round = try BenchmarkRound(settings, set: set, logs: logs, fileSystems: kinds)
        contenders = Contender.all(of: set, settings)
        measurements = contenders.map { _ in SourceMeasurement() }
    }

    /// Whether directory entries and inodes were dropped too.
    var dropsEntries: Bool { round.dropsEntries }

    /// Loads all patches of a plan, in turn, until the stop rule is met.
    mutating func measure(_ plan: PatchPlan) async throws {
        let start = SystemClock.seconds()
        let progress = Progress(
            "benchmark",
            total: plan.rounds.count * contenders.count,
            unit: .items("loads"),
            style: settings.options.progress,
            log: log
        )
        defer { progress.finish() }
        for (number, planned) in plan.rounds.enumerated() {
            let isWhole = try await measure(planned, round: number, progress: progress)
            let seconds = SystemClock.seconds() - start
            guard isWhole else {
                end = RunEnd(rule: "turns", rounds: max(0, number - 1), seconds: seconds)
                return
            }
            if number > 0 { patches += round.records(number, patches: planned.patches) }
            end = RunEnd(rule: "rounds", rounds: number, seconds: seconds)
            if number == 0 { chooseControl() }
            if let rule = settings.stop.reason(afterRounds: number, elapsed: seconds, widths: widths) {
                end.rule = rule
                return
            }
        }
    }

    /// All contenders of one round; false where another program ended the run.
    private mutating func measure(
        _ planned: PatchPlan.Round,
        round number: Int,
        progress: borrowing Progress
    ) async throws -> Bool {
        for position in planned.order {
            try Task.checkCancellation()
            // The control is chosen by what the warm-up took.
            if number == 0, contenders[position].role == .control { continue }
            if let turn = settings.turn, !turn() { return false }
            try await measure(planned.patches, round: number, position: position)
            progress.advance(by: 1)
        }
        return true
    }

    private mutating func measure(_ patches: [Patch], round number: Int, position: Int) async throws {
        let contender = contenders[position]
        let name = set.sources[contender.source].name
        var durations: [Double] = []
        do {
            let own = Array(patches.prefix(contender.patchCount(of: patches.count)))
            durations = try await attempt(own, round: number, position: position)
            try await measureCeiling(number, position: position)
        } catch let error as PipelineError where error.code != .mismatch {
            log.error("\(name): \(error)")
            measurements[position].failures.append("\(error)")
        }
        if contender.role == .source { settings.loaded?(number, name, durations) }
    }

    /// Repeats a sample whose state was not as asked for.
    private mutating func attempt(_ patches: [Patch], round number: Int, position: Int) async throws -> [Double] {
        for attempt in 1...Self.attempts {
            let sample = try await round.sample(number, patches: patches, by: contenders[position])
            if number == 0 {
                measurements[position].warmUp = sample.durations
                return sample.durations
            }
            measurements[position].samples.append(sample)
            if sample.excluded == nil || attempt == Self.attempts { return sample.durations }
        }
        return []
    }

    private mutating func measureCeiling(_ number: Int, position: Int) async throws {
        let contender = contenders[position]
        guard settings.measuresCeilings, number > 0, contender.role == .source else { return }
        let reads = round.lastReads(of: contender.source)
        measurements[position].ceilings[number] = try await CeilingReads(
            of: set.sources[contender.source].place.store,
            reads,
            fromCache: settings.cache == .warm
        ).seconds(threads: settings.threads, workers: contender.workers)
    }

    /// The source whose second load costs least: a control that takes half of a run finds nothing that a short one does not.
    private mutating func chooseControl() {
        guard let control = contenders.firstIndex(where: { $0.role == .control }) else { return }
        let candidates = Contender.controllable(set, cache: settings.cache).filter { !measurements[$0].warmUp.isEmpty }
        let least = candidates.min {
            GeometricMean(measurements[$0].warmUp).mean < GeometricMean(measurements[$1].warmUp).mean
        }
        contenders[control].source = least ?? contenders[control].source
    }

    /// Half the widths of the intervals of all ratios, or of the only source's mean.
    private var widths: [Double] {
        let entries = entries
        guard entries.count > 1 else { return entries.map { GeometricMean(Array($0.seconds.values)).relativeMargin } }
        return Contest(entries: entries, baseline: settings.baseline).comparisons.map { $0.interval[1] / $0.ratio - 1 }
    }

    /// The sources without a failure, by name.
    var entries: [Contest.Entry] {
        self.set.sources.indices.filter { measurements[$0].failures.isEmpty && !measurements[$0].counted.isEmpty }
            .map { measurements[$0].entry(set.sources[$0].name) }
    }

    /// How a source compares with itself; nil where there was no control.
    var control: RatioComparison? {
        guard let position = contenders.firstIndex(where: { $0.role == .control }) else { return nil }
        let source = contenders[position].source
        let name = set.sources[source].name
        let comparison = Contest.comparison(
            measurements[source].entry(name),
            measurements[position].entry(name + " again")
        )
        return comparison.rounds > 0 ? comparison : nil
    }

    /// Lets a consumer take all patches that count from each source in turn.
    func simulateConsumer(_ plan: PatchPlan) async throws -> [TrainingWait] {
        guard let consumer = settings.consumer, end.rounds > 0 else { return [] }
        let rounds = plan.rounds[1...end.rounds]
        var waits: [TrainingWait] = []
        for source in set.sources.indices where measurements[source].failures.isEmpty {
            log.info("\(set.sources[source].name): a consumer that works \((consumer.step * 1000).significant(3)) ms")
            let workers = settings.workers[0]
            let patches = rounds.map { Array($0.patches.prefix(contenders[source].patchCount(of: $0.patches.count))) }
            waits.append(try await round.consume(patches, source: source, workers: workers, consumer: consumer))
        }
        return waits
    }
}
