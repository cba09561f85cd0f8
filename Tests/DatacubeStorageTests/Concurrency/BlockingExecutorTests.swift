import Synchronization
import Testing

@testable import DatacubeStorage

@Suite struct BlockingExecutorTests {
    @Test func runsEveryIndexOnceWithinItsWidth() async throws {
        let executor = BlockingExecutor(width: 3)
        let seen = Mutex<[Int]>([])
        let running = Mutex((now: 0, most: 0))
        try await executor.forEach(50) { index in
            running.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            seen.withLock { $0.append(index) }
            running.withLock { $0.now -= 1 }
        }
        #expect(seen.withLock { $0.sorted() } == Array(0..<50))
        #expect(running.withLock { $0.most } <= 3)
    }

    @Test func firstErrorStopsTheRest() async throws {
        let executor = BlockingExecutor(width: 1)
        let ran = Mutex(0)
        await #expect(throws: PipelineError.self) {
            try await executor.forEach(100) { index in
                ran.withLock { $0 += 1 }
                if index == 4 { throw PipelineError(.corrupt, "item 4") }
            }
        }
        #expect(ran.withLock { $0 } == 5)
    }

    @Test func cancellingEndsTheBatch() async throws {
        let executor = BlockingExecutor(width: 1)
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await executor.forEach(.max) { _ in signal.yield() }
        }
        for await _ in started { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await executor.run { 7 } == 7, "the executor serves on after a cancelled batch")
    }

    @Test func aLaterBatchUsesThreadsThatTheFirstLeavesIdle() async throws {
        let executor = BlockingExecutor(width: 2)
        let order = OrderOfEvents()
        async let slow: Void = executor.forEach(1) { _ in
            while !order.events.contains("fast") {}
            order.add("slow")
        }
        async let fast: Void = executor.forEach(1) { _ in order.add("fast") }
        _ = try await (slow, fast)
        #expect(order.events == ["fast", "slow"])
    }

    @Test func aBatchKeepsToItsLimitAndLeavesTheOtherThreadsToOthers() async throws {
        let executor = BlockingExecutor(width: 4)
        let (limited, other) = (Crowd(), Crowd())
        async let first: Void = executor.forEach(40, atMost: 2) { _ in
            // Until the other batch runs beside it: in vain, if this one took all threads.
            limited.pass { limited.most < 2 || other.most < 2 }
        }
        async let second: Void = executor.forEach(20) { _ in other.pass { other.most < 2 } }
        _ = try await (first, second)
        #expect(limited.most == 2 && limited.count == 40)
        #expect(other.count == 20)
    }

    @Test func whatMattersMoreComesFirst() {
        let queue = IterationQueue()
        let priorities = [[0, 0], [9, 4, 0], [7, 4, 2], [.max]]
        let batches = priorities.map { own in Iteration(count: own.count, limit: .max, priority: { own[$0] }) { _ in } }
        for batch in batches { queue.add(batch) }
        let order = (0..<9).compactMap { _ in queue.take(hasRun: false) }.map { taken in
            [batches.firstIndex { $0 === taken.iteration } ?? -1, taken.index]
        }
        // Of equal ones, those of the batch that came first.
        #expect(order == [[3, 0], [1, 0], [2, 0], [1, 1], [2, 1], [2, 2], [0, 0], [0, 1], [1, 2]])
    }

    @Test func aBatchThatMattersMoreWaitsAtItsLimit() {
        let queue = IterationQueue()
        let limited = Iteration(count: 2, limit: 1, priority: { _ in 1 }) { _ in }
        let other = Iteration(count: 1, limit: 1, priority: { _ in 0 }) { _ in }
        for batch in [limited, other] { queue.add(batch) }
        let first = queue.take(hasRun: false)
        #expect(first?.iteration === limited && queue.take(hasRun: false)?.iteration === other)
        limited.perform(0)
        let last = queue.take(hasRun: false)
        #expect(last?.iteration === limited && last?.index == 1)
    }
}

/// Counts the threads that pass through it.
private final class Crowd: Sendable {
    // Other tests may hold all of Swift's threads for a while, so that the second batch comes late.
    private let patience = ContinuousClock.now + .seconds(300)
    private let state = Mutex((now: 0, most: 0, count: 0))
    var most: Int { state.withLock { $0.most } }
    var count: Int { state.withLock { $0.count } }

    func pass(whileWaitingFor condition: () -> Bool) {
        state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.count + 1) }
        while condition(), ContinuousClock.now < patience {}
        state.withLock { $0.now -= 1 }
    }
}

private final class OrderOfEvents: Sendable {
    private let state = Mutex<[String]>([])
    var events: [String] { state.withLock { $0 } }
    func add(_ event: String) { state.withLock { $0.append(event) } }
}
