import Testing

@testable import DatacubeStorage

@Suite struct StopRuleTests {
    @Test func roundsEndARun() {
        let rule = StopRule(rounds: 3)
        #expect(rule.reason(afterRounds: 2, elapsed: 1e9, widths: [0]) == nil)
        #expect(rule.reason(afterRounds: 3, elapsed: 0, widths: [1]) == "rounds")
        #expect(StopRule().most == 10 && StopRule(seconds: 60).most > 100)
    }

    /// The warm-up took time too, so that after one round that counts each took half.
    @Test func noRoundBeginsThatWouldPassTheBudget() {
        let rule = StopRule(seconds: 100)
        #expect(rule.reason(afterRounds: 1, elapsed: 60, widths: []) == nil)
        #expect(rule.reason(afterRounds: 1, elapsed: 70, widths: []) == "time_budget")
    }

    @Test func intervalsOfFewRoundsStopNothing() {
        let rule = StopRule(precision: 0.05)
        #expect(rule.reason(afterRounds: 9, elapsed: 0, widths: [0.01]) == nil)
        #expect(rule.reason(afterRounds: 10, elapsed: 0, widths: [0.01, 0.06]) == nil)
        #expect(rule.reason(afterRounds: 10, elapsed: 0, widths: [0.01, 0.05]) == "precision")
    }
}
