import Logging
import Testing

@testable import DatacubeStorage

@Suite struct ReportJobTests {
    @Test func allFilesAppearAndTellTheSameFigures() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/run.json"
            _ = try results(["zarr": [0.1, 0.2, 0.3], "safe": [2, 3, 4]]).write(to: .file(path))
            let paths = try ReportJob(.init(files: [path, path]), log: .silent).run()
            #expect(
                paths
                    == [".html", ".md", ".csv", "-durations-1.svg", "-durations-2.svg"].map { directory + "/run" + $0 }
            )
            let texts = try paths.map { try String(decoding: FileSystem.contents(of: $0), as: UTF8.self) }
            #expect(texts[0].contains("network zarr") && texts[0].contains("<svg") && !texts[0].contains("http-equiv"))
            // Nothing is fetched from elsewhere.
            #expect(!texts[0].contains("src=") && !texts[0].contains("<link"))
            #expect(texts[1].contains("| network zarr |") && texts[1].contains("(run-durations-2.svg)"))
            #expect(texts[1].contains("network zarr is fastest: 0.200 s a patch on average, 15.0 times as fast"))
            #expect(texts[2].split(separator: "\r\n").count == 1 + 2 * 6)
        }
    }

    @Test func theChartIsWellFormedAndHasADotForEachLoad() throws {
        let chart = PointChart(title: "a < b", rows: [("x & y", [0.01, 0.5, 20], 6.8), ("z", [], .nan)])
        let svg = try XMLParser.parse(Array(chart.svg.utf8), name: "chart")
        #expect(svg.name == "svg")
        #expect(chart.svg.split(separator: "<circle").count - 1 == 3)
    }

    @Test func placesOnTheAxisFollowTheLogarithm() {
        let axis = PointAxis(decades: -2...1, from: 100, to: 400)
        #expect(axis.x(of: 0.01) == 100 && axis.x(of: 10) == 400)
        #expect(abs(axis.x(of: 1) - 300) < 1e-9)
        #expect(axis.ticks.compactMap(\.label) == ["0.01", "0.1", "1", "10"])
    }

    @Test func aFileThatIsNoResultIsNamed() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/x.json"
            try AtomicFile.write(Array("{}".utf8), to: path)
            let error = #expect(throws: PipelineError.self) { try ReportJob(.init(files: [path]), log: .silent).run() }
            #expect(error?.code == .corrupt && error?.message.contains(path) == true)
        }
    }

    private func results(_ durations: [String: [Double]]) -> BenchmarkResults {
        let sources = durations.mapValues { durations in
            let samples = durations.enumerated().map {
                Sample(round: $0 + 1, durations: [$1], wallClock: $1, files: 3, residentBefore: 0)
            }
            return SourceResults(shapes: ["60m": [1, 3, 85, 85]], samples: samples, warmUp: [1], failures: [])
        }
        let comparison = PairedComparison(
            faster: "network zarr",
            durations["zarr"] ?? [],
            slower: "network safe",
            slow: durations["safe"] ?? [],
            seed: 1
        )
        return BenchmarkResults(
            version: "1",
            created: "2024-06-11T09:50:31.000Z",
            tile: "35VLH",
            year: 2024,
            seed: 42,
            repeats: 3,
            patchSize: 5100,
            area: [0, 0, 0, 0],
            cache: .cold,
            workers: 1,
            threads: 2,
            products: ["p"],
            patches: [],
            environment: .current(folders: ["/"]),
            results: ["network": sources],
            comparisons: [comparison]
        )
    }
}

/// Names that a results file brings from elsewhere.
@Suite struct HostileReportTests {
    private let table = ReportTable(
        ["name", "value"],
        rows: [["=HYPERLINK(\"x\")", "-1.5"], ["a|b <script>", "@x"], ["+2", "1e9"]]
    )

    @Test func noCellIsAFormula() {
        #expect(table.csv == "name,value\r\n\"'=HYPERLINK(\"\"x\"\")\",-1.5\r\na|b <script>,'@x\r\n+2,1e9\r\n")
    }

    @Test func noCellIsMarkup() {
        #expect(table.markdown.contains("a\\|b &lt;script>") && !table.markdown.contains("<script"))
        #expect(!table.html.contains("<script"))
    }

    @Test(arguments: [1e12, 1e300, .infinity, -1e300, .nan]) func anyNumberIsADuration(_ seconds: Double) {
        #expect(formatSeconds(seconds).hasSuffix(" s"))
    }
}
