import TestSupport
import Testing

@testable import DatacubeStorage

/// What `nvme-stage --record` writes.
@Suite struct StagingRecordTests {
    private static let year = "35VLH/2024/"
    private static let chunk = year + "10m/data/c/0/0/0/0"

    @Test func eachFormatHasItsOwnCopy() async throws {
        try await with { (settings: StagingJob.Settings, sizes: [Int]) async throws in
            let outcome = try await stage(settings)
            #expect(outcome == JobOutcome(finished: sizes.count * 2))
            let record = try read(settings)
            #expect(record.from == .network && record.copies.keys.sorted() == ["shardzarr", "zarr"])
            for copy in record.copies.values {
                #expect(copy.files == sizes.count && copy.bytes == sizes.reduce(0, +) && copy.isWhole)
                #expect(copy.tileYears == ["35VLH/2024"] && copy.seconds > 0)
            }
        }
    }

    @Test func aSecondRunSaysThatItCopiedNothing() async throws {
        try await with { (settings: StagingJob.Settings, sizes: [Int]) async throws in
            _ = try await stage(settings)
            #expect(try await stage(settings) == JobOutcome(skipped: sizes.count * 2))
            let copy = try #require(try read(settings).copies["zarr"])
            #expect(copy.files == 0 && copy.bytes == 0 && copy.alreadyThere == sizes.count && !copy.isWhole)
            #expect(copy.tileYears == [])
        }
    }

    @Test func whatWasFinishedBeforeTheRunEndsIsRecorded() async throws {
        try await with { (settings: StagingJob.Settings, sizes: [Int]) async throws in
            // Where the second format wants a folder.
            try FileSystem.createDirectories(settings.trees[1].target)
            try AtomicFile.write([1], to: settings.trees[1].target + "/35VLH")
            await #expect(throws: PipelineError.self) { try await stage(settings) }
            let copies = try read(settings).copies
            #expect(copies.keys.sorted() == ["zarr"] && copies["zarr"]?.files == sizes.count)
        }
    }

    @Test func theDeadlineHoldsForAllFormatsTogether() async throws {
        try await with { (settings: StagingJob.Settings, sizes: [Int]) async throws in
            var settings = settings
            settings.deadline = SystemClock.sinceEpoch() - 1
            let error = await #expect(throws: PipelineError.self) { try await stage(settings) }
            #expect(error?.code == .outOfTime)
            #expect(error?.message.contains("\(2 * sizes.reduce(0, +)) B are left") == true, "\(error?.message ?? "")")
            #expect(try read(settings).copies.isEmpty)
        }
    }

    @Test func aFormatOfWhichThereIsNothingIsNotRecorded() async throws {
        try await with { (settings: StagingJob.Settings, sizes: [Int]) async throws in
            try FileSystem.remove(settings.trees[1].target.replacing("/node/", with: "/network/"))
            try FileSystem.createDirectories(settings.trees[1].target.replacing("/node/", with: "/network/"))
            #expect(try await stage(settings).finished == sizes.count)
            #expect(try read(settings).copies.keys.sorted() == ["zarr"])
        }
    }

    /// Not even the first format, which would fit.
    @Test func whatDoesNotFitTogetherIsRefusedBeforeAnythingIsCopied() async throws {
        try await with { (settings: StagingJob.Settings, _: [Int]) async throws in
            let huge = settings.trees[1].target.replacing("/node/", with: "/network/") + "/" + Self.chunk
            try LocalFile(updating: huge).truncate(to: 8 << 40)
            let error = await #expect(throws: PipelineError.self) { try await stage(settings) }
            #expect(error?.code == .noSpace)
            #expect(try !FileSystem.exists(settings.trees[0].target + "/" + Self.chunk))
            #expect(try isThere(settings.record) == false)
        }
    }

    @Test func aDryRunWritesNoRecord() async throws {
        try await with { (settings: StagingJob.Settings, _: [Int]) async throws in
            var settings = settings
            settings.options.dryRun = true
            #expect(try await stage(settings) == JobOutcome())
            #expect(try isThere(settings.record) == false)
        }
    }

    private func stage(_ settings: StagingJob.Settings) async throws -> JobOutcome {
        try await StagingJob(settings, log: .silent).run()
    }

    private func isThere(_ record: String?) throws -> Bool { try FileSystem.exists(#require(record)) }

    private func read(_ settings: StagingJob.Settings) throws -> CopyRecord {
        try CopyRecord(file: try #require(settings.record))
    }

    /// Two formats of a few files each.
    private func with(_ body: (StagingJob.Settings, _ sizes: [Int]) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let paths = ["zarr.json", Self.year + "10m/zarr.json", Self.year + "10m/data/zarr.json", Self.chunk]
            let formats: [DataFormat] = [.zarr, .shardzarr]
            for format in formats {
                for (index, path) in paths.enumerated() {
                    let path = "\(directory)/network/\(format)/\(path)"
                    try FileSystem.createDirectories(FileSystem.parent(of: path))
                    try AtomicFile.write(Array(repeating: 1, count: 100 + index), to: path)
                }
            }
            let trees = formats.map { format in
                StagingJob.Tree(
                    format: format,
                    source: .folder("\(directory)/network/\(format)"),
                    target: "\(directory)/node/\(format)"
                )
            }
            let settings = StagingJob.Settings(
                trees: trees,
                record: directory + "/staging.json",
                options: RunOptions(jobs: 1)
            )
            try await body(settings, paths.indices.map { 100 + $0 })
        }
    }
}
