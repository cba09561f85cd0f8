import Glibc
import Testing

@testable import DatacubeStorage

@Suite struct RatioComparisonTests {
    private let base = [0.10, 0.52, 0.21, 0.93, 0.33, 0.18]

    @Test func theRatioIsThatOfTheSecondOverTheFirst() {
        let comparison = RatioComparison("a", took: base, and: "b", took: base.map { $0 * 1.5 })
        #expect(abs(comparison.ratio - 1.5) < 1e-12 && comparison.rounds == 6)
        #expect(comparison.interval.allSatisfy { abs($0 - 1.5) < 1e-9 })
        #expect(comparison.different == true && comparison.p < 1e-12)
    }

    /// Expected: scipy 1.17, `stats.ttest_1samp` of the logarithms, and its confidence interval.
    @Test func intervalAndProbabilityAreThoseOfATTest() {
        let factors = [1.10, 0.95, 1.20, 1.05, 1.30, 0.90]
        let comparison = RatioComparison("a", took: base, and: "b", took: zip(base, factors).map { $0 * $1 })
        #expect(abs(comparison.ratio - 1.074_679_050_4) < 1e-9)
        #expect(abs(comparison.interval[0] - 0.929_131_361) < 1e-6)
        #expect(abs(comparison.interval[1] - 1.243_026_670) < 1e-6)
        #expect(abs(comparison.p - 0.259_258_288) < 1e-5)
        #expect(comparison.different == false)
    }

    @Test(arguments: 1...4) func fewRoundsHaveNoVerdict(_ rounds: Int) {
        let fast = Array(base.prefix(rounds))
        let comparison = RatioComparison("a", took: fast, and: "b", took: fast.map { $0 * 9 })
        #expect(comparison.different == nil)
        if rounds == 1 { #expect(comparison.interval == [0, .infinity] && comparison.p == 1) }
    }

    /// The example of Holm's method: with 0.01, 0.04, 0.03 and 0.005, the first and the last hold.
    @Test func probabilitiesAreCorrectedByHolm() {
        let comparisons = [0.01, 0.04, 0.03, 0.005].map { p in
            var comparison = RatioComparison("a", took: base, and: "b", took: base)
            comparison.p = p
            return comparison
        }
        let held = comparisons.heldTogether()
        #expect(zip(held.map(\.p), [0.03, 0.06, 0.06, 0.02]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(held.map(\.different) == [true, false, false, true])
    }

    @Test func comparisonsWithoutAVerdictCostTheOthersNothing() {
        var clear = RatioComparison("a", took: base, and: "b", took: base)
        clear.p = 0.04
        let short = RatioComparison("a", took: [1, 2], and: "c", took: [1, 3])
        #expect([clear, short].heldTogether().map(\.different) == [true, nil])
    }

    @Test func aBaselineSparesTheOtherPairs() {
        let entries = ["a", "b", "c", "d"].map { name in
            Contest.Entry(name: name, seconds: Dictionary(uniqueKeysWithValues: base.enumerated().map { ($0, $1) }))
        }
        #expect(Contest(entries: entries).comparisons.count == 6)
        let withBaseline = Contest(entries: entries, baseline: "c").comparisons
        #expect(withBaseline.map { [$0.a, $0.b] } == [["a", "c"], ["b", "c"], ["c", "d"]])
    }

    @Test func onlyRoundsThatBothFinishedCount() {
        let a = Contest.Entry(name: "a", seconds: [1: 1, 2: 1, 4: 1, 5: 2])
        let b = Contest.Entry(name: "b", seconds: [1: 2, 2: 2, 3: 900, 5: 4])
        let comparison = Contest.comparison(a, b)
        #expect(comparison.rounds == 3 && abs(comparison.ratio - 2) < 1e-12)
    }
}
