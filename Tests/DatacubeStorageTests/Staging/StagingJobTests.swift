import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct StagingJobTests {
    @Test(arguments: StagingJob.Verification.allCases)
    func everyByteIsCopiedOnce(_ verification: StagingJob.Verification) async throws {
        try await withTrees { source, target in
            let all = try FileTree(source)
            #expect(all.files.count > 200)
            var settings = makeSettings(source, target)
            settings.verification = verification
            #expect(try await stage(settings) == JobOutcome(finished: all.files.count))
            let first = try FileTree(target)
            #expect(first.differences(from: all) == [])

            let lines = Mutex<[String]>([])
            let log = Logger.calling { line in lines.withLock { $0.append(line) } }
            #expect(try await stage(settings, log) == JobOutcome(skipped: all.files.count))
            #expect(lines.withLock { $0 }.contains("nothing to do: everything is staged"))
            #expect(try FileTree(target).rewritten(since: first) == [])
        }
    }

    @Test func onlyFilesThatDifferAreCopiedAgain() async throws {
        try await withTrees { source, target in
            let settings = makeSettings(source, target)
            let count = try await stage(settings).finished
            let first = try FileTree(target)
            let longer = "/zarr/35VLH/2024/10m/zarr.json"
            let touched = "/cog/" + (try #require(first.files.first { $0.hasSuffix("/20m.tif") }).dropFirst(5))
            try AtomicFile.write(FileSystem.contents(of: source + longer) + [0x20], to: source + longer)
            try AtomicFile.write(FileSystem.contents(of: source + touched).reversed(), to: source + touched)
            let (cube, product) = (source + "/zarr/35VLH/2024/10m", FileSystem.parent(of: source + touched))
            try await listAgain(InventoryPlace(LocalStore(root: cube), unit: "", folder: "data"))
            try await listAgain(InventoryPlace(LocalStore(root: product), unit: ""))
            // The product's inventory and its metadata, which declare it, go first and come again.
            let declaring = ["MTD_MSIL1C.xml", "checksums.md5"].map { "\(FileSystem.parent(of: touched))/\($0)" }
            let due = (declaring + [touched, longer, "/zarr/35VLH/2024/10m/data/checksums.md5"]).sorted()
            #expect(try await stage(settings) == JobOutcome(finished: due.count, skipped: count - due.count))
            let second = try FileTree(target)
            #expect(second.differences(from: try FileTree(source)) == [])
            #expect(second.rewritten(since: first) == due)
        }
    }

    /// Bits rot without a word to the file's time; products have manifests, and lists are compared with those of the source.
    @Test func whatRotsIsCopiedAgain() async throws {
        try await withTrees { source, target in
            let settings = makeSettings(source, target)
            _ = try await stage(settings)
            let whole = try FileTree(target)
            let endings = [
                "_B02.jp2", "MTD_TL.xml", "manifest.safe", "/10m.tif", "checksums.md5", "/c/0/0/0/0",
                "/35VLH/zarr.json",
            ]
            for ending in endings {
                let path = target + (try #require(whole.files.first { $0.hasSuffix(ending) }))
                let status = try #require(try FileSystem.status(path))
                var bytes = try FileSystem.contents(of: path)
                bytes[bytes.count / 2] ^= 4
                try AtomicFile.write(bytes, to: path)
                try LocalFile(updating: path).setTimes(status.modified)
            }
            #expect(try await stage(settings).failures == [])
            #expect(try FileTree(target).differences(from: whole) == [])
        }
    }

    /// A copy that rotted is not mended from a product that rotted as well.
    @Test func whatRottedOnBothSidesIsNamed() async throws {
        try await withTrees { source, target in
            _ = try await stage(makeSettings(source, target))
            let file = try #require(try FileTree(source).files.first { $0.hasSuffix("_B02.jp2") })
            for path in [source + file, target + file] {
                let status = try #require(try FileSystem.status(path))
                var bytes = try FileSystem.contents(of: path)
                bytes[bytes.count / 2] ^= 4
                try AtomicFile.write(bytes, to: path)
                try LocalFile(updating: path).setTimes(status.modified)
            }
            let outcome = try await stage(makeSettings(source, target))
            #expect(outcome.failures.contains { $0.contains(FileSystem.name(of: file)) }, "\(outcome)")
            let product = target + file.prefix { $0 != "." } + ".SAFE"
            #expect(try !FileSystem.exists(product + "/manifest.safe"))
        }
    }

    /// What a killed run leaves: some files, some missing, some cut short, and temporary names.
    @Test func aPartlyStagedTreeIsCompleted() async throws {
        try await withTrees { source, target in
            let settings = makeSettings(source, target)
            _ = try await stage(settings)
            let files = try FileTree(target).files
            for file in files.enumerated().filter({ $0.offset.isMultiple(of: 3) }).map(\.element) {
                try FileSystem.remove(target + file)
            }
            try AtomicFile.write([1, 2], to: target + files[1])
            try AtomicFile.write([1, 2], to: AtomicFile.temporaryName(for: target + files[2]))
            let missing = (files.count + 2) / 3 + 1
            let outcome = try await stage(settings)
            // What declares units is brought again where something of them was missing.
            #expect(outcome.finished >= missing && outcome.finished < files.count)
            #expect(outcome == JobOutcome(finished: outcome.finished, skipped: files.count - outcome.finished))
            #expect(try FileTree(target).differences(from: FileTree(source)) == [])
        }
    }

    @Test(arguments: [Set([Resolution.r10]), [.r20, .r60]])
    func partOfTheResolutions(_ wanted: Set<Resolution>) async throws {
        try await withTrees { source, target in
            var settings = makeSettings(source, target)
            settings.resolutions = wanted
            #expect(try await stage(settings).failures == [])
            for resolution in Resolution.allCases {
                let files = try FileTree(target).files
                let isThere = wanted.contains(resolution)
                #expect(files.contains { $0.hasSuffix("/\(resolution.name).tif") } == isThere)
                #expect(files.contains { $0.contains("/zarr/35VLH/2024/\(resolution.name)/data/c/") } == isThere)
                for band in resolution.bands {
                    #expect(
                        files.contains { $0.contains("/IMG_DATA/") && $0.hasSuffix("_\(band.name).jp2") } == isThere
                    )
                }
            }
            let cube = try Cube.open(LocalStore(root: target + "/zarr"), path: "35VLH/2024/\(wanted.min()?.name ?? "")")
            #expect(cube?.steps.count == 2)
        }
    }

    private func listAgain(_ place: InventoryPlace) async throws {
        try place.write(await place.made(on: BlockingExecutor(width: 1)))
    }

    @Test func aSelectionThatMatchesNothingIsSaid() async throws {
        try await withTrees { source, target in
            var settings = makeSettings(source, target)
            settings.filter = TileYearFilter(tiles: ["35VLG"], years: [2024])
            let error = await #expect(throws: PipelineError.self) { try await stage(settings) }
            #expect(error?.code == .notFound && error?.message.contains("nothing of 35VLG 2024 in \(source)") == true)
            let isThere = try FileSystem.exists(target + "/zarr/35VLG")
            #expect(!isThere)
        }
    }

    @Test func aDryRunCopiesNothing() async throws {
        try await withTrees { source, target in
            var settings = makeSettings(source, target)
            settings.options.dryRun = true
            let outcome = try await stage(settings)
            #expect(outcome == JobOutcome())
            #expect(try !FileSystem.exists(target))
        }
    }

    /// Tasks on one node share one copy.
    @Test func ofManyRunsAtOnceOneCopiesAndTheOthersWait() async throws {
        try await withTrees { (source: String, target: String) async throws in
            let settings = makeSettings(source, target)
            let outcomes = try await withThrowingTaskGroup(of: JobOutcome.self) { group in
                for _ in 0..<3 { group.addTask { try await stage(settings) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let count = try FileTree(source).files.count
            #expect(outcomes.map(\.finished).sorted() == [0, 0, count])
            #expect(outcomes.map(\.skipped).sorted() == [0, count, count])
            #expect(try FileTree(target).differences(from: FileTree(source)) == [])
        }
    }

    @Test func waitingEndsWithTheDeadline() async throws {
        try await withTrees { (source: String, target: String) async throws in
            try FileSystem.createDirectories(target + "/cog")
            let lock = try TargetLock(path: target + "/cog/.stage.lock")
            var settings = makeSettings(source, target)
            settings.deadline = SystemClock.sinceEpoch() + 0.2
            let error = await #expect(throws: PipelineError.self) { try await stage(settings) }
            #expect(error?.code == .locked && error?.message.contains(target + "/cog") == true)
            #expect(try FileTree(target).files.allSatisfy { $0.hasPrefix("/cog/.stage.lock/") })
            lock.release()
            settings.deadline = nil
            #expect(try await stage(settings).status == .done)
        }
    }

    @Test func whatIsStagedByTheDeadlineStaysAndTheNextRunGoesOn() async throws {
        try await withTrees { (source: String, target: String) async throws in
            var settings = makeSettings(source, target)
            settings.deadline = SystemClock.sinceEpoch() - 1
            let error = await #expect(throws: PipelineError.self) { try await stage(settings) }
            #expect(error?.code == .outOfTime && error?.message.contains("0 files") == true)
            #expect(try !FileSystem.exists(target), "nothing was begun")
            settings.deadline = SystemClock.sinceEpoch() + 600
            #expect(try await stage(settings).status == .done)
            #expect(try FileTree(target).differences(from: FileTree(source)) == [])
        }
    }

    /// A sparse file stands in for data that no disk holds.
    @Test func whatDoesNotFitIsRefusedBeforeAnythingIsCopied() async throws {
        try await withTrees { source, target in
            let huge = "\(source)/zarr/35VLH/2024/10m/data/c/huge"
            try AtomicFile.write([0], to: huge)
            try #require(truncate(huge, 8 << 40) == 0, "the file system takes no file of 8 TiB")
            let error = await #expect(throws: PipelineError.self) { try await stage(makeSettings(source, target)) }
            #expect(error?.code == .noSpace && error?.message.contains("are missing; stage less") == true)
            #expect(try !FileSystem.exists(target))
        }
    }

    @Test func anAbsentSourceIsNamed() async throws {
        try await withTrees { source, target in
            try FileSystem.remove(source + "/cog")
            let error = await #expect(throws: PipelineError.self) { try await stage(makeSettings(source, target)) }
            #expect(error?.code == .notFound && error?.message.contains(source + "/cog") == true)
        }
    }

    private func makeSettings(_ source: String, _ target: String) -> StagingJob.Settings {
        let trees = DataFormat.standard.map {
            StagingJob.Tree(format: $0, source: .folder("\(source)/\($0)"), target: "\(target)/\($0)")
        }
        return StagingJob.Settings(trees: trees, options: RunOptions(jobs: 2))
    }

    @discardableResult
    private func stage(_ settings: StagingJob.Settings, _ log: Logger = .silent) async throws -> JobOutcome {
        try await StagingJob(settings, log: log).run()
    }

    /// Two dates as SAFE, COG and Zarr.
    private func withTrees(_ body: (_ source: String, _ target: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let source = directory + "/network"
            try await SyntheticArchive.link([0, 6], below: source + "/safe")
            _ = try await Converter.cog.run(from: source + "/safe", to: source + "/cog")
            _ = try await Converter.zarr.run(from: source + "/safe", to: source + "/zarr")
            try await body(source, directory + "/node")
        }
    }
}
