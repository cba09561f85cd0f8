import Logging
import Testing

@testable import DatacubeStorage

@Suite struct ReportDocumentsTests {
    private let run = ReportedRun.results(
        ["network zarr": ReportedRun.around(3), "temp zarr": ReportedRun.around(1, offset: 2), "s3 zarr": []],
        failures: ["s3 zarr": ["round 1: 503"]]
    )

    @Test func allFilesAppearAndTellTheSameFigures() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/run.json"
            _ = try run.write(to: .file(path))
            let paths = try ReportJob(.init(files: [path]), log: .silent).run()
            let endings = [
                ".html", ".md", ".csv", "-report.json", "-1-latency-network.svg", "-1-latency-temp.svg",
            ]
            #expect(paths == endings.map { directory + "/run" + $0 })
            let texts = try paths.map { try String(decoding: FileSystem.contents(of: $0), as: UTF8.self) }
            let finding = "temp zarr, \(formatSeconds(run.results["temp"]?["zarr"]?.geometricMean ?? 0)) a patch"
            #expect(texts[0].contains(finding) && texts[1].contains(finding) && texts[3].contains(finding))
            #expect(texts[1].contains("(run-1-latency-network.svg)"))
            #expect(try BenchmarkResults(file: path).created == run.created, "the results stay as they are")
        }
    }

    @Test func thePageNeedsNothingElse() {
        let page = ReportDocuments([run], name: "run").files[0].text
        #expect(!page.contains("src=") && !page.contains("href=\"http") && !page.contains("@import"))
        #expect(!page.contains("<script") && !page.contains("http-equiv"))
    }

    @Test func theAnswerStandsBeforeItsReasons() throws {
        let page = ReportDocuments([run], name: "run").files[0].text
        let titles = RunChapter(run).chapter.sections.map(\.title)
        #expect(titles.first == "Answer" && titles.last == "Machine and software")
        // Each title parts what is left of the page.
        let rest = titles.reduce(page[...]) { rest, title in
            rest.firstRange(of: "<h3>\(markupText(title))</h3>").map { rest[$0.upperBound...] } ?? ""
        }
        #expect(!rest.isEmpty)
    }

    @Test func aDoubtfulRunSaysSoInWords() {
        let doubtful = ReportedRun.results(["network zarr": [1, 1]], doubts: ["other work kept the processors busy"])
        let page = ReportDocuments([doubtful], name: "run").files[0].text
        #expect(page.contains("class=\"answer doubtful\"") && page.contains("DOUBTFUL: other work"))
    }

    @Test func theTableOfLoadsKeepsWhatDoesNotCount() {
        let run = ReportedRun.results(["temp cog": [1, 2, 3]], excluded: [2: "was in the cache, half of it"])
        let lines = SampleLines(results: run).rows
        #expect(lines.count == 3 && lines.allSatisfy { $0.count == SampleLines.columns.count })
        func column(_ name: String) -> [String] {
            SampleLines.columns.firstIndex(of: name).map { place in lines.map { $0[place] } } ?? []
        }
        #expect(column("excluded") == ["", "was in the cache, half of it", ""])
        #expect(column("storage") == ["temp", "temp", "temp"] && column("format") == ["cog", "cog", "cog"])
        #expect(column("seconds") == ["1.0", "2.0", "3.0"] && column("x") == ["0", "60", "120"])
    }

    @Test func warningsExclusionsFailuresAndTheControlAreTold() {
        var run = ReportedRun.results(
            ["temp cog": [1, 2], "s3 cog": []],
            failures: ["s3 cog": (1...9).map { "round \($0): 503" }],
            excluded: [2: "was in the cache"]
        )
        run.control = RatioComparison(
            "temp cog",
            took: [1, 1, 1, 1, 1.1],
            and: "temp cog again",
            took: [1, 1.1, 1, 1, 1]
        )
        let doubts = RunChapter(run).doubts
        #expect(doubts.contains("cold on this node only"))
        #expect(doubts.contains("temp cog: 1 of 2 rounds left out, was in the cache"))
        #expect(doubts.contains("s3 cog failed: round 1: 503") && doubts.contains("s3 cog: 4 failures more"))
        #expect(doubts.last?.hasPrefix("control, temp cog against itself: ratio ") == true)
        #expect(doubts.last?.hasSuffix("not distinguishable, as it should be") == true)
    }

    @Test func aFileThatIsNoResultIsNamed() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/x.json"
            try AtomicFile.write(Array("{}".utf8), to: path)
            let error = #expect(throws: PipelineError.self) { try ReportJob(.init(files: [path]), log: .silent).run() }
            #expect(error?.code == .corrupt && error?.message.contains(path) == true)
        }
    }
}

/// Names and numbers that a results file brings from elsewhere.
@Suite struct HostilePageTests {
    private let evil = "zarr</text><script>alert(1)</script>\"' onload=x"

    @Test func noNameIsMarkup() throws {
        var run = ReportedRun.results(["temp \(evil)": ReportedRun.around(1), "../x \(evil)": ReportedRun.around(2)])
        run.validity = RunValidity(reasons: [evil], warnings: [evil])
        run.environment.command = [evil]
        run.environment.host = evil
        let files = ReportDocuments([run, run], name: "run").files
        for file in files where !file.ending.hasSuffix(".csv") && !file.ending.hasSuffix(".json") {
            #expect(!file.text.contains("<script"), "\(file.ending)")
        }
        #expect(files.allSatisfy { !$0.ending.contains("/") && !$0.ending.contains("<") })
        for picture in files where picture.ending.hasSuffix(".svg") {
            #expect(try XMLParser.parse(Array(picture.text.utf8), name: picture.ending).name == "svg")
        }
    }

    @Test(arguments: [0, -1, 1e300, 1e-300, .infinity, .nan]) func anyNumberMakesAPage(_ seconds: Double) {
        var run = ReportedRun.results([
            "network zarr": Array(repeating: seconds, count: 6), "temp zarr": [seconds, 1, 1, 1, 1, 1],
        ])
        run.staging = CopyRecord(
            from: .network,
            copies: ["zarr": .init(seconds: seconds, bytes: 1, files: 1, alreadyThere: 0, failed: 0, tileYears: [])]
        )
        run.throughput = [
            Throughput(source: "temp zarr", workers: 4, patchesPerSecond: seconds, interval: [seconds, seconds])
        ]
        run.training = [TrainingWait(source: "temp zarr", workers: 1, prefetch: 1, step: 1, utilisation: seconds)]
        run.area = [.max, .min, .min, .max]
        #expect(ReportDocuments([run, run], name: "run").files.count > 4)
    }
}
