import DatacubeStorage
import TestSupport
import Testing

@Suite struct StatusJobTests {
    @Test func countsComeFromTheData() async throws {
        try await withTemporaryDirectory { (root: String) async throws in
            try await SyntheticArchive.link(0..<3, below: root + "/safe")
            _ = try await Converter.cog.run(from: root + "/safe", to: root + "/cogs")
            try await SyntheticArchive.link(3..<4, below: root + "/safe")
            _ = try await Converter.zarr.run(from: root + "/safe", to: root + "/zarr")
            try FileSystem.createDirectories(root + "/outcomes")
            for step in ["cog", "zarr"] {
                let end = step == "cog" ? "\n" : "\r\n"
                let text = ["3 finished, 0 skipped, 1 failed", "corrupt: a band", ""].joined(separator: end)
                try AtomicFile.write(Array(text.utf8), to: root + "/outcomes/\(step)-35VLH-2024")
            }
            let record = #"{"2024-01-01":["a/S2A_MSIL1C_20240101T093025_N0510_R136_T35VLH_20240101T115925.SAFE"]}"#
            try AtomicFile.write(Array(record.utf8), to: root + "/safe/.intake-35VLH-2024.json")

            let statuses = try await status(root, TileYearFilter(tiles: ["35VLH"], years: [2023, 2024]))
            #expect(statuses.map(\.tileYear.year) == [2023, 2024])
            #expect(statuses[0].found == 0 && statuses[0].missing == [])
            let made = statuses[1]
            #expect(made.found == 5 && made.downloaded == 4 && made.converted == [.cog: 3, .zarr: 4])
            #expect(made.missing == ["intake", "cog", "zarr"])
            #expect(made.failures.map(\.reason) == ["corrupt: a band"])
            #expect(made.mirrored == nil)
            let report = statuses.report.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(report.count == 5 && report[4] == "35VLH/2024 cog, zarr: corrupt: a band")
        }
    }

    @Test func supersededProductsAreNotMissed() async throws {
        try await withTemporaryDirectory { (root: String) async throws in
            try await SyntheticArchive.synthesize(dates: 1, baseline: "05.09", below: root + "/safe")
            try await SyntheticArchive.synthesize(dates: 1, baseline: "05.10", below: root + "/safe")
            _ = try await Converter.cog.run(from: root + "/safe", to: root + "/cogs")
            _ = try await Converter.zarr.run(from: root + "/safe", to: root + "/zarr")
            let only = try #require(try await status(root).first)
            #expect(only.downloaded == 2 && only.superseded == 1 && only.missing == [])
        }
    }

    private func status(_ root: String, _ filter: TileYearFilter = .init()) async throws -> [TileYearStatus] {
        let settings = StatusJob.Settings(
            folders: [.safe: root + "/safe", .cog: root + "/cogs", .zarr: root + "/zarr"],
            outcomes: root + "/outcomes",
            filter: filter,
            jobs: 2
        )
        return try await StatusJob(settings, log: .silent).run()
    }
}
