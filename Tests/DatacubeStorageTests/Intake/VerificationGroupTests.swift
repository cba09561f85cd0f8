import Testing

@testable import DatacubeStorage

@Suite struct VerificationGroupTests {
    @Test func eightFilesGoTogether() async throws {
        let (group, ended) = (VerificationGroup(), Shared(0))
        let count: @Sendable () -> Int = { ended.with { $0 } }
        let tasks = (0..<7).map { _ in
            let wait = group.join()
            return Task {
                for await _ in wait {}
                ended.with { $0 += 1 }
            }
        }
        try await Task.sleep(for: .milliseconds(50))
        #expect(count() == 0)
        for await _ in group.join() {}
        for task in tasks { await task.value }
        #expect(count() == 7)
    }

    @Test func fewerGoWhenNoOtherOneIsToCome() async {
        let group = VerificationGroup()
        let waits = [group.join(), group.join()]
        group.endWaiting()
        for wait in waits { for await _ in wait {} }
        let later = group.join()
        let task = Task { for await _ in later {} }
        group.endWaiting()
        await task.value
    }
}
