import Testing

@testable import DatacubeStorage

@Suite struct PublishedTableTests {
    private func table(_ rule: PublishedTable.ErrorRule?, error: Double?, n: Int?) -> PublishedTable {
        let row = PublishedTable.Row(
            place: "Puhti <b>",
            storage: "temp",
            format: "zarr",
            meanSeconds: 1.41,
            standardError: error,
            n: n
        )
        return PublishedTable(
            publisher: "others",
            source: "https://example.org/x",
            snapshot: "1",
            what: "means",
            standardErrors: rule,
            rows: [row]
        )
    }

    @Test func errorsThatWereDividedByTheCountAreMultipliedByItsRoot() {
        let table = table(.dividedByCount, error: 0.2, n: 16)
        #expect(table.standardError(of: table.rows[0]) == 0.8)
    }

    @Test func rightErrorsStay() {
        let table = table(.dividedByRoot, error: 0.2, n: nil)
        #expect(table.standardError(of: table.rows[0]) == 0.2)
    }

    @Test func errorsThatCannotBeCorrectedAreLeftOut() {
        for table in [
            table(.dividedByCount, error: 0.2, n: nil), table(.dividedByCount, error: 0.2, n: 0),
            table(.dividedByCount, error: nil, n: 10), table(nil, error: 0.2, n: 10),
        ] {
            #expect(table.standardError(of: table.rows[0]) == nil)
        }
    }

    @Test func theReferencesFiguresAreRead() throws {
        let table = try PublishedTable(file: Self.folder + "/hamk-datacube-storage-lab.json")
        #expect(table.rows.count == 26 && table.standardErrors == .dividedByCount)
        let example = try #require(table.rows.first { $0.n != nil })
        // std / √10 of the ten durations that stand beside it.
        #expect(abs((table.standardError(of: example) ?? 0) - 4.7409876432052505 / 10.0.squareRoot()) < 1e-12)
    }

    @Test func theirsStandBesideOursAndAreMarked() throws {
        let run = ReportedRun.results(["temp zarr": ReportedRun.around(1), "network zarr": ReportedRun.around(2)])
        let files = ReportDocuments([run], published: table(nil, error: nil, n: nil), name: "run").files
        let page = files[0].text
        #expect(page.contains("published by others, their machine, their reader"))
        #expect(page.contains("<td>published</td><td>Puhti &lt;b&gt;</td><td class=\"number\">1.41</td>"))
        #expect(files.contains { $0.ending == "-2-published.svg" })
        // They are never among our loads.
        #expect(!files[2].text.contains("Puhti") && !files[3].text.contains("Puhti"))
    }

    @Test(arguments: [
        "{}", "[",
        #"{"publisher":"","source":"","snapshot":"","what":"","rows":[{"place":"","storage":"s3","format":"cog","mean_seconds":-1}]}"#,
    ])
    func whatIsNoTableIsNamed(_ text: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/x.json"
            try AtomicFile.write(Array(text.utf8), to: path)
            let error = #expect(throws: PipelineError.self) { try PublishedTable(file: path) }
            #expect(error?.code == .corrupt && error?.message.contains(path) == true)
        }
    }

    private static let folder = FileSystem.join(
        (0..<5).reduce(#filePath) { path, _ in FileSystem.parent(of: path) },
        "docs/published"
    )
}
