import DatacubeStorage
import Synchronization
import Testing

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
}

private final class OrderOfEvents: Sendable {
    private let state = Mutex<[String]>([])
    var events: [String] { state.withLock { $0 } }
    func add(_ event: String) { state.withLock { $0.append(event) } }
}
