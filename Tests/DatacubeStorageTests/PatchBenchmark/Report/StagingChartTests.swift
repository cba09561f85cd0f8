import Testing

@testable import DatacubeStorage

@Suite struct StagingChartTests {
    private func run(copy seconds: Double, temp: Double = 1, rounds: Int = 8) -> BenchmarkResults {
        var run = ReportedRun.results([
            "network zarr": ReportedRun.around(3, rounds: rounds),
            "temp zarr": ReportedRun.around(temp, rounds: rounds, offset: 2),
        ])
        run.staging = CopyRecord(
            from: .network,
            copies: ["zarr": .init(seconds: seconds, bytes: 1, files: 1, alreadyThere: 0, failed: 0, tileYears: [])]
        )
        return run
    }

    @Test func theLinesCrossWhereStagingPays() throws {
        let breakEven = try #require(run(copy: 600).breakEvens.first)
        guard case .pays(let patches, let interval) = breakEven.answer else {
            Issue.record("\(breakEven.answer)")
            return
        }
        #expect(abs(patches - 300) < 15 && interval.contains(patches))
        let chart = try #require(BreakEvenChart(breakEven)?.chart)
        #expect(chart.lines.map(\.name) == ["without staging", "staged first"])
        #expect(chart.remark?.x == patches && chart.x.bounds.contains(patches * 2))
        #expect(chart.remark?.text.hasPrefix("pays after ") == true && chart.lines.allSatisfy { !$0.band.isEmpty })
        // Minutes, for nobody reads thousands of seconds.
        #expect(chart.y.label == "minutes" && chart.lines[1].points[0].y == 10)
    }

    @Test func whatIsNotFasterNeverCrosses() throws {
        let breakEven = try #require(run(copy: 600, temp: 4).breakEvens.first)
        #expect(breakEven.answer == .never)
        let chart = try #require(BreakEvenChart(breakEven)?.chart)
        #expect(chart.remark == nil && !chart.drawing.marks.contains("pays after"))
        #expect(AnswerBox(run(copy: 600, temp: 4)).staging == ["zarr: no, loads from the node's disk are not faster"])
    }

    @Test func aJobOfThreeDaysLosesTheTimeOfItsCopy() throws {
        let patches = try #require(run(copy: 3600).breakEvens.first?.patchesInThreeDays)
        #expect(abs(patches.without / (259_200 / 3) - 1) < 0.05 && abs(patches.with / (255_600 / 1.0) - 1) < 0.05)
    }

    @Test func withoutACopyThereIsNoPicture() throws {
        var run = run(copy: 600)
        run.staging = nil
        let breakEven = try #require(run.breakEvens.first)
        #expect(breakEven.answer == .unknown("no copy was measured") && BreakEvenChart(breakEven) == nil)
        #expect(RunChapter(run).staging.rows.first?.contains("cannot tell, no copy was measured") == true)
    }
}
