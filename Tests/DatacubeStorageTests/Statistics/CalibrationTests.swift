import Testing

@testable import DatacubeStorage

/// What is called different must be so, within bounds that a wrong procedure does not keep.
@Suite struct CalibrationTests {
    private static let runs = 1500
    // Nominally 5 %: four standard errors of a share of 1500 runs above it, and coverage so far below 95 %.
    private static let (mostClaims, leastCoverage) = (0.072, 0.925)

    @Test(arguments: NoiseModel.allCases, [5, 10, 20])
    func verdictsHoldTheirLevel(_ noise: NoiseModel, _ rounds: Int) {
        for contenders in [2, 6] {
            let row = Calibration(runs: Self.runs).row(noise, contenders: contenders, rounds: rounds)
            #expect(row.falseClaims <= Self.mostClaims, "\(row)")
            #expect(row.coverage >= Self.leastCoverage, "\(row)")
        }
    }

    @Test func aRealDifferenceIsFound() {
        let row = Calibration(runs: Self.runs).row(.logNormal, contenders: 2, rounds: 20)
        #expect(row.power >= 0.8, "\(row)")
    }

    /// Without the correction for many pairs, and with the loads of one round taken for independent, the bounds are passed.
    @Test func wrongProceduresFailTheBounds() {
        let wrong: [(String, (Contest) -> Bool)] = [
            ("no correction", { contest in Self.pairs(contest).contains { $0.different == true } }),
            (
                "pooled",
                { contest in
                    RatioComparison("a", took: Self.pooled(contest, 0), and: "b", took: Self.pooled(contest, 1)).p
                        <= 0.05
                }
            ),
        ]
        for (name, claims) in wrong {
            var random = RandomSource(seed: 42)
            let equal = [Double](repeating: 1, count: 6)
            let count = (0..<Self.runs).count { _ in
                claims(NoiseModel.logNormal.contest(rounds: 10, factors: equal, random: &random))
            }
            #expect(Double(count) / Double(Self.runs) > Self.mostClaims, "\(name)")
        }
    }

    private static func pairs(_ contest: Contest) -> [RatioComparison] {
        contest.entries.indices.flatMap { a in
            contest.entries.indices.filter { $0 > a }.map {
                Contest.comparison(contest.entries[a], contest.entries[$0])
            }
        }
    }

    /// Four loads of a round that share its state, as if they were four rounds.
    private static func pooled(_ contest: Contest, _ position: Int) -> [Double] {
        let seconds = contest.entries[position].seconds
        return seconds.keys.sorted().flatMap { round in [Double](repeating: seconds[round] ?? 0, count: 4) }
    }

    @Test func runsCanBeSimulatedAgain() {
        let rows = (0..<2).map { _ in Calibration(runs: 50, seed: 7).row(.heavyTailed, contenders: 6, rounds: 10) }
        #expect(rows[0].falseClaims == rows[1].falseClaims && rows[0].power == rows[1].power)
    }
}
