import Testing

@testable import DatacubeStorage

@Suite struct VerificationGroupTests {
    @Test func eightFilesGoTogether() async throws {
        let (group, ended) = (VerificationGroup(), Shared(0))
        let count: @Sendable () -> Int = { ended.with { $0 } }
        let tasks = (0..<7).map { _ in
            let wait = group.join()
            return Task {
                await wait.wait()
                ended.with { $0 += 1 }
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        #expect(count() == 0)
        await group.join().wait()
        for task in tasks { await task.value }
        #expect(count() == 7)
    }

    @Test func fewerGoWhenNoOtherOneIsToCome() async {
        let group = VerificationGroup()
        let waits = [group.join(), group.join()]
        group.endWaiting()
        for wait in waits { await wait.wait() }
        let later = group.join()
        let task = Task { await later.wait() }
        group.endWaiting()
        await task.value
    }

    /// A task that is cancelled while it waits must not keep the others of its group waiting for it.
    @Test func whoIsCancelledWaitsNoLonger() async {
        let latch = VerificationGroup().join()
        let task = Task { await latch.wait() }
        task.cancel()
        await task.value
    }
}
