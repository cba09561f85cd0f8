import Testing

@testable import DatacubeStorage

@Suite struct RunComparisonTests {
    private let first = ReportedRun.results([
        "network zarr": ReportedRun.around(2), "temp zarr": ReportedRun.around(1), "temp cog": ReportedRun.around(4),
    ])

    private func second(_ factor: Double) -> BenchmarkResults {
        ReportedRun.results([
            "network zarr": ReportedRun.around(2 * factor, offset: 3), "temp zarr": ReportedRun.around(1, offset: 3),
        ])
    }

    @Test func theSamePatchesAreComparedRoundByRound() throws {
        let comparison = RunComparison(first, second(1.5))
        #expect(comparison.isPaired && comparison.comparisons.map(\.a) == ["network zarr, first", "temp zarr, first"])
        let slower = comparison.comparisons[0]
        #expect(slower.rounds == 8 && slower.different == true && abs(slower.ratio - 1.5) < 0.05)
        #expect(comparison.comparisons[1].different == false)
        let texts = ReportDocuments([first, second(1.5)], name: "run").files.map(\.text)
        #expect(texts[0].contains("Of 2 sources, 1 are slower in the second run, 0 faster, and 1 not distinguishable."))
        #expect(texts[1].contains("the second is slower") && texts[3].contains("\"between\""))
    }

    @Test func otherPatchesGetNoVerdict() {
        var other = second(1.5)
        other.seed = 43
        other.patches[0].x += 60
        let comparison = RunComparison(first, other)
        #expect(comparison.planDifferences == ["seed", "patches"])
        #expect(comparison.comparisons.allSatisfy { $0.different == nil && $0.interval[0] < $0.ratio })
        let page = ReportDocuments([first, other], name: "run").files[0].text
        #expect(page.contains("the plans differ in seed, patches") && page.contains("there is no verdict"))
    }

    // scipy.stats.ttest_ind(log([2, 4, 4, 8]), log([1, 2, 3]), equal_var=False) has 4.505 degrees of freedom and the interval
    // 0.706 to 6.861; scipy.stats.t with 4 of them gives 0.671307 to 7.218245.
    @Test func welchsIntervalIsThatOfOthers() throws {
        let runs = [[1.0, 2, 3], [2.0, 4, 4, 8]].map { ReportedRun.results(["temp zarr": $0]) }
        let sources = try runs.map { try #require($0.results["temp"]?["zarr"]) }
        let comparison = RatioComparison.unpaired("temp zarr", a: sources[0], b: sources[1])
        #expect(abs(comparison.ratio - 2.201285) < 1e-6)
        #expect(abs(comparison.interval[0] - 0.671307) < 1e-6 && abs(comparison.interval[1] - 7.218245) < 1e-6)
    }

    @Test func whatDiffersBetweenTheMachinesIsTold() {
        var other = second(1)
        other.environment.host = "another"
        other.cache = .warm
        let page = ReportDocuments([first, other], name: "run").files[1].text
        #expect(page.contains("another") && page.contains("the state of the cache differs"))
    }

    @Test func oneSingleRoundHasNoInterval() {
        var other = ReportedRun.results(["temp zarr": [1]])
        other.seed = 1
        let comparison = RunComparison(ReportedRun.results(["temp zarr": [2]]), other).comparisons
        #expect(comparison.first?.interval == [0, .infinity] && comparison.first?.ratio == 0.5)
    }
}
