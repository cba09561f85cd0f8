import Testing

@testable import DatacubeStorage

@Suite struct ChartTests {
    @Test func placesFollowTheLogarithm() {
        let axis = ChartAxis("s", around: [0.011, 9])
        #expect(axis.bounds == 0.01...10)
        #expect(axis.share(of: 0.01) == 0 && axis.share(of: 10) == 1 && axis.share(of: 99) == 1)
        #expect(abs(axis.share(of: 1) - 2.0 / 3) < 1e-9)
        #expect(axis.ticks == [0.01, 0.1, 1, 10])
    }

    @Test(
        arguments: [
            (0.7, [0, 0.2, 0.4, 0.6, 0.8]), (23, [0, 5, 10, 15, 20, 25]), (1000, [0, 200, 400, 600, 800, 1000]),
        ] as [(Double, [Double])]
    )
    func aLinearAxisEndsAtARoundNumber(largest: Double, ticks: [Double]) {
        let axis = ChartAxis("s", upTo: largest)
        #expect(axis.bounds.upperBound >= largest)
        #expect(axis.ticks.map { $0.significant(6) } == ticks.map { $0.significant(6) })
    }

    @Test func measuredNumbersOfWorkersAreTheTicks() {
        #expect(ChartAxis("workers", at: [4, 1, 2, 2]).ticks == [1, 2, 4])
        #expect(ChartAxis("workers", at: []).ticks.isEmpty)
    }

    @Test(
        arguments: [(0.05, "0.05"), (2, "2"), (2.5, "2.5"), (1500, "1500"), (12_000, "12\u{202F}000"), (0, "0")]
            as [(Double, String)]
    )
    func axesShowShortNumbers(value: Double, text: String) { #expect(ChartAxis.text(value) == text) }

    @Test func oneDomainHoldsAnyValues() {
        for values in [[], [1], [0], [.nan], [.infinity], [1e-300, 1e300]] as [[Double]] {
            let axis = ChartAxis("s", around: values)
            #expect(axis.bounds.upperBound > axis.bounds.lowerBound && axis.ticks.count <= 8)
        }
    }

    @Test func aFormatLooksTheSameInAllPictures() {
        #expect(ChartStyle(format: "zarr") == ChartStyle(format: "zarr"))
        let formats = ["safe", "cog", "zarr", "shardzarr", "zipzarr", "safe_no_index", "another"]
        #expect(Set(formats.map { ChartStyle(format: $0).number }).count == formats.count)
    }

    @Test func aDistributionRisesToAllLoads() throws {
        let run = ReportedRun.results(["temp zarr": [3, 1, 2, 4], "temp cog": [0.5]])
        let drawing = try #require(RunChapter(run).latencyCharts.first)
        #expect(drawing.name == "latency-temp" && drawing.marks.contains("seconds a patch (logarithmic)"))
        // One path for each source, from its least to its most.
        #expect(drawing.marks.split(separator: "<path class=\"s").count - 1 == 2)
        let svg = try XMLParser.parse(Array(drawing.file.utf8), name: "chart")
        #expect(svg.name == "svg")
    }

    @Test func pathsOfALongRunAreShort() throws {
        let run = ReportedRun.results(["temp zarr": (1...5000).map { Double($0) }])
        let drawing = try #require(RunChapter(run).latencyCharts.first)
        #expect(drawing.marks.utf8.count < 10_000)
    }

    @Test func cellsOfTheHeatMapTellMoreThanTheirShade() throws {
        var run = ReportedRun.results(
            ["network zarr": ReportedRun.around(10), "temp zarr": ReportedRun.around(1), "s3 cog": []],
            failures: ["s3 cog": ["x"]]
        )
        run.results["temp"]?["zarr"]?.ceiling = Ceiling(means: "direct reads", seconds: [:], share: 0.82)
        let map = HeatMap(run)
        #expect(map.columns == ["network", "s3", "temp"] && map.rows.map(\.name) == ["cog", "zarr"])
        let zarr = map.rows[1].cells
        #expect(zarr[2].shade == 0 && zarr[2].lines.contains("least") && zarr[2].lines.contains("82 % of ceiling"))
        #expect(zarr[0].shade == 3 && zarr[0].lines.contains { $0.hasPrefix("× ") })
        #expect(map.rows[0].cells[1].lines == ["failed"] && map.rows[0].cells[0].lines == ["not measured"])
        #expect(map.html.contains("class=\"heat3\"") && map.table.markdown.contains("82 % of ceiling"))
    }
}
