import Logging
import Synchronization
import Testing

@testable import DatacubeStorage

/// What was asked for and is not there is an error; what was not asked for decides nothing.
@Suite struct NothingFoundTests {
    @Test(arguments: Converter.allCases)
    func anEmptyFolderIsAnError(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            try FileSystem.createDirectories(directory + "/safe")
            let outcome = try await converter.run(from: directory + "/safe", to: directory + "/made")
            #expect(outcome.status == .failed)
            #expect(outcome.failures.count == 1 && outcome.failures[0].contains("\(directory)/safe holds no product;"))
        }
    }

    @Test func archivesAreNamedWithWhatToDo() async throws {
        try await withTemporaryDirectory { directory in
            let product = try await SyntheticArchive.link([0], below: directory + "/other")[0]
            try FileSystem.createDirectories(directory + "/safe/deep")
            let name = product.name.identifier + ".SAFE.zip"
            try AtomicFile.write([1], to: "\(directory)/safe/deep/\(name)")
            for filter in [TileYearFilter(), .init(tiles: ["35VLH"]), .init(years: [2024])] {
                let catalogue = try ProductFolder(root: directory + "/safe", filter: filter)
                let lines = catalogue.absences(of: filter).map(\.description)
                #expect(lines.count == 2 && lines[1].contains("1 product packed as .SAFE.zip, deep/\(name)"))
                #expect(lines[1].contains("unzip"))
            }
            let other = TileYearFilter(tiles: ["35VLG"])
            #expect(try ProductFolder(root: directory + "/safe", filter: other).absences(of: other).count == 1)
        }
    }

    @Test func aTileOrYearThatIsNotThereIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link([0, 1], below: directory + "/safe")
            let (safe, made) = (directory + "/safe", LocalStore(root: directory + "/made"))
            func run(_ filter: TileYearFilter) async throws -> JobOutcome {
                let chunking = Converter.smallChunks
                let settings = ZarrConversionJob.Settings(
                    source: safe,
                    target: made,
                    filter: filter,
                    chunking: chunking,
                    options: RunOptions(jobs: 2)
                )
                return try await ZarrConversionJob(settings, log: .silent).run()
            }
            let none = try await run(.init(tiles: ["35VLG"], years: [2024]))
            #expect(none.status == .failed && none.failures.count == 1)
            #expect(none.failures.allSatisfy { $0.contains("no product of tile 35VLG in 2024;") })
            let otherYear = try await run(.init(tiles: ["35VLH"], years: [2023]))
            #expect(otherYear.failures.count == 1 && otherYear.status == .failed)
            #expect(otherYear.failures.allSatisfy { $0.contains("no product of tile 35VLH in 2023;") })
            let some = try await run(.init(tiles: ["35VLH", "35VLG"], years: [2024, 2023]))
            #expect(some.finished == 2 && some.status == .partial && some.failures.count == 2)
            #expect(some.failures.contains { $0.contains("no product of year 2023") })
            #expect(try await run(.init(tiles: ["35VLH"], years: [2024])) == JobOutcome(skipped: 2))
        }
    }

    @Test(arguments: [
        "S2A_MSIL2A_20240611T095031_N0510_R079_T35VLG_20240611T103102.SAFE",
        "S1A_IW_GRDH_1SDV_20240611T050000_20240611T050025_054274_069A4B_1234.SAFE", "notes.SAFE",
    ])
    func whatWasNotAskedForDoesNotDecideTheExit(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link([0], below: directory + "/safe")
            try FileSystem.createDirectories("\(directory)/safe/\(name)")
            let lines = Mutex<[String]>([])
            let settings = COGConversionJob.Settings(
                source: directory + "/safe",
                target: LocalStore(root: directory + "/made"),
                filter: .init(tiles: ["35VLH"], years: [2024]),
                writer: COGWriter(threads: 2),
                options: RunOptions(jobs: 2)
            )
            let job = COGConversionJob(settings, log: .calling { line in lines.withLock { $0.append(line) } })
            #expect(try await job.run() == JobOutcome(finished: 1))
            #expect(lines.withLock { $0 }.contains { $0.hasPrefix("left aside: ") && $0.contains(name) })
        }
    }

    @Test func aDryRunEndsWithWhatItWouldDo() async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link([0, 1, 2], below: directory + "/safe")
            let lines = Mutex<[String]>([])
            let log = Logger.calling { line in lines.withLock { $0.append(line) } }
            let target = LocalStore(root: directory + "/made")
            var zarr = ZarrConversionJob.Settings(
                source: directory + "/safe",
                target: target,
                options: RunOptions(jobs: 2)
            )
            zarr.options.dryRun = true
            #expect(try await ZarrConversionJob(zarr, log: log).run() == JobOutcome())
            #expect(lines.withLock { $0.last } == "3 products would be converted, 0 are there already")
            var cog = COGConversionJob.Settings(
                source: directory + "/safe",
                target: target,
                writer: COGWriter(threads: 1),
                options: RunOptions(jobs: 2)
            )
            cog.options.dryRun = true
            #expect(try await COGConversionJob(cog, log: log).run() == JobOutcome())
            #expect(lines.withLock { $0.last } == "3 products would be converted, 0 are there already")
            #expect(try !FileSystem.exists(directory + "/made"))
        }
    }
}
