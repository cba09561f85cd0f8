import Logging
import Testing

@testable import DatacubeStorage

@Suite struct RetryPolicyTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let failure = PipelineError(.unavailable, "x")

    @Test func waitsGrowWithJitterUpToTheCeiling() {
        let policy = RetryPolicy(attempts: 10, base: 1, ceiling: 20)
        for (failures, longest) in [(1, 1.0), (2, 2), (3, 4), (5, 16), (6, 20), (60, 20)] {
            let waits = (0..<100).map { _ in policy.delay(afterFailures: failures, asked: nil) }
            #expect(waits.allSatisfy { (longest / 2...longest).contains($0) })
            #expect(Set(waits).count > 50)
        }
        #expect(policy.delay(afterFailures: 1, asked: 7) == 7)
        #expect(policy.delay(afterFailures: 1, asked: 700) == 20)
    }

    @Test func attemptsAreBoundedByPolicyAndFailure() throws {
        for (limit, expected) in [(nil, 4), (2, 2), (9, 4)] as [(Int?, Int)] {
            var attempts: [Bool] = []
            var pauses = 0
            #expect { () throws -> Void in
                try RetryPolicy(attempts: 4, base: 1, ceiling: 1).run("r", log: log, pause: { _ in pauses += 1 }) {
                    attempts.append($0)
                    throw TransientFailure(error: failure, attempts: limit)
                }
            } throws: { "\($0)" == "unavailable: x, \(expected) times" }
            #expect(attempts == [false] + Array(repeating: true, count: expected - 1))
            #expect(pauses == expected - 1)
        }
    }

    @Test func otherErrorsAndInterruptionsEndAtOnce() {
        var attempts = 0
        #expect(throws: CancellationError.self) {
            try RetryPolicy.standard.run("r", log: log, pause: { _ in throw CancellationError() }) { _ in
                attempts += 1
                throw TransientFailure(error: failure)
            }
        }
        #expect { try RetryPolicy.fast.run("r", log: log, pause: { _ in }) { _ in throw failure } } throws: {
            "\($0)" == "unavailable: x"
        }
        #expect(attempts == 1)
    }

    @Test func requestsAreSpreadOverTheMinute() {
        let pace = RequestPace(perMinute: 120)
        #expect([10, 10, 10.7, 20, 20].map { pace.takeTurn(now: $0) }.map { ($0 * 10).rounded() } == [0, 5, 3, 0, 5])
    }

    @Test(arguments: [
        ("Mon, 23 Nov 2026 23:16:33 GMT", "2026-11-23T23:16:33Z"),
        ("Thu, 29 Feb 2024 00:00:00 GMT", "2024-02-29T00:00:00Z"),
        ("Mon, 23 Nov 2026 23:16:33 CET", nil), ("23.11.2026", nil), ("Mon, 23 Foo 2026 23:16:33 GMT", nil),
    ])
    func datesOfServers(_ text: String, _ time: String?) {
        #expect(Timestamp(httpDate: text)?.iso(decimals: 0) == time)
    }
}
