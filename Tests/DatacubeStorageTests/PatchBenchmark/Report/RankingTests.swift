import Testing

@testable import DatacubeStorage

/// What the report calls best, and when it calls nothing so.
@Suite struct RankingTests {
    private let sources = [
        "s3 zarr": ReportedRun.around(1), "s3 cog": ReportedRun.around(1), "s3 safe": ReportedRun.around(9),
    ]

    @Test func sourcesThatCannotBeToldApartAreBestTogether() {
        let ranking = Ranking(ReportedRun.results(sources))
        #expect(Set(ranking.bestGroup) == ["s3 zarr", "s3 cog"])
        #expect(ranking.sentence.contains("are not distinguishable"))
    }

    @Test func aDoubtfulRunHasNoBest() {
        let ranking = Ranking(ReportedRun.results(sources, doubts: ["other programs took 40 % of the processors"]))
        #expect(ranking.bestGroup.isEmpty && ranking.sentence.hasPrefix("no verdict"))
    }

    /// Nobody compared the others with the fastest.
    @Test func aBaselineLeavesTheOthersWithoutAnOrder() {
        var run = ReportedRun.results(sources)
        run.baseline = "s3 safe"
        run.comparisons = run.comparisons.filter { [$0.a, $0.b].contains("s3 safe") }
        let ranking = Ranking(run)
        #expect(ranking.bestGroup.isEmpty && ranking.sentence.hasPrefix("compared with s3 safe: "))
    }
}
