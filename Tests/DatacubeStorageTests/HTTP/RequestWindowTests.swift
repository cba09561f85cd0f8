import Testing

@testable import DatacubeStorage

@Suite struct RequestWindowTests {
    private func window(delay: Double, bytes: Int, answers: Int = 100) -> RequestWindow {
        var window = RequestWindow(least: 16, most: 128)
        for _ in 0..<answers { window.learn(from: .init(delay: delay, bytes: bytes)) }
        return window
    }

    @Test func aNearServerGetsTheLeast() {
        #expect(RequestWindow(least: 16, most: 128).limit == 16)
        #expect(window(delay: 0.001, bytes: 1_000_000).limit == 16)
    }

    /// Twice 1.25 GB/s × 0.03 s, of 1 MB each.
    @Test func aDistantOneGetsWhatFillsTheLink() {
        #expect((74...76).contains(window(delay: 0.03, bytes: 1_000_000).limit))
        #expect(window(delay: 0.03, bytes: 100_000).limit == 128)
    }

    /// What waits at the server has to wait for the first byte too; the shortest wait is the link's own.
    @Test func waitingAtTheServerIsNoDistance() {
        var window = RequestWindow(least: 16, most: 128)
        window.learn(from: .init(delay: 0.002, bytes: 1_000_000))
        for _ in 0..<1000 { window.learn(from: .init(delay: 0.2, bytes: 1_000_000)) }
        #expect(window.limit == 16)
        // A link that has become longer is believed in the end.
        for _ in 0..<10_000 { window.learn(from: .init(delay: 0.2, bytes: 1_000_000)) }
        #expect(window.limit == 128)
    }

    @Test func refusalsHalveItAndAnswersGiveItBack() {
        var window = window(delay: 0.1, bytes: 1_000_000)
        #expect(window.limit == 128)
        window.learn(from: .init(isRefusal: true))
        #expect(window.limit == 64)
        // All that were in flight are refused alike: that is one reason, not many.
        for _ in 0..<127 { window.learn(from: .init(isRefusal: true)) }
        #expect(window.limit == 64)
        for _ in 0..<400 { window.learn(from: .init(isRefusal: true)) }
        #expect(window.limit == 1)
        for _ in 0..<128 * 129 { window.learn(from: .init(delay: 0.1, bytes: 1_000_000)) }
        #expect(window.limit == 128)
    }
}
