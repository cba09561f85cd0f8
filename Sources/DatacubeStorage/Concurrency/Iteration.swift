import Synchronization

/// The items of one `forEach`, handed out one by one.
///
/// Handing out and counting are single steps of the processor's: a lock that many threads take for each item of some
/// microseconds would be what they wait for.
final class Iteration: Sendable {
    private struct Ending {
        var failure: (any Error)?
        var isDone = false
        var completion: (@Sendable (Result<Void, any Error>) -> Void)?
    }

    private let count: Int
    private let limit: Int
    private let priority: (@Sendable (Int) -> Int)?
    private let work: @Sendable (Int) throws -> Void
    private let next = Atomic(0)
    private let running = Atomic(0)
    /// Items that have not ended and still may.
    private let left: Atomic<Int>
    private let ending = Mutex(Ending())

    /// Makes an iteration; without `priority` that of its items is 0.
    init(
        count: Int,
        limit: Int,
        priority: (@Sendable (Int) -> Int)?,
        work: @escaping @Sendable (Int) throws -> Void
    ) {
        self.count = count
        self.limit = max(1, limit)
        self.priority = priority
        self.work = work
        left = Atomic(count)
    }

    /// Neither priorities nor a limit: a thread may go on with its items as long as there are any.
    var isPlain: Bool { priority == nil && limit == .max }

    /// Has `completion` called once all has ended, at once if it has.
    func whenDone(_ completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        let result: Result<Void, any Error>? = ending.withLock { ending in
            guard ending.isDone else {
                ending.completion = completion
                return nil
            }
            return ending.failure.map { .failure($0) } ?? .success(())
        }
        if let result { completion(result) }
    }

    /// Stops handing out items; what runs ends by itself.
    func stop(with error: any Error) {
        ending.withLock { if $0.failure == nil { $0.failure = error } }
        let handedOut = min(next.exchange(count, ordering: .acquiringAndReleasing), count)
        end(count - handedOut)
    }

    /// Whether there is nothing to do.
    var isEmpty: Bool { count == 0 }

    /// Whether no item is left to hand out.
    var isHandedOut: Bool { next.load(ordering: .acquiring) >= count }

    /// The priority of the item that a thread would get now; nil when it would get none.
    var nextPriority: Int? {
        let next = next.load(ordering: .acquiring)
        guard next < count, running.load(ordering: .acquiring) < limit else { return nil }
        return priority?(next) ?? 0
    }

    /// The next item for a thread; nil when all were handed out, or as many run as may.
    ///
    /// Of an iteration with a limit one thread at a time may ask.
    func takeTurn() -> Int? {
        guard limit == .max || running.load(ordering: .acquiring) < limit else { return nil }
        var index = next.load(ordering: .relaxed)
        while index < count {
            let taken = next.compareExchange(expected: index, desired: index + 1, ordering: .acquiringAndReleasing)
            guard !taken.exchanged else {
                if limit < .max { running.add(1, ordering: .acquiringAndReleasing) }
                return index
            }
            index = taken.original
        }
        return nil
    }

    /// Runs an item that was taken.
    func perform(_ index: Int) {
        do { try work(index) } catch { stop(with: error) }
        if limit < .max { running.subtract(1, ordering: .acquiringAndReleasing) }
        end(1)
    }

    private func end(_ items: Int) {
        guard items > 0, left.subtract(items, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        let (completion, failure) = ending.withLock { ending in
            ending.isDone = true
            defer { ending.completion = nil }
            return (ending.completion, ending.failure)
        }
        completion?(failure.map { .failure($0) } ?? .success(()))
    }
}
