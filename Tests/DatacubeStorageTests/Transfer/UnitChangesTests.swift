import TestSupport
import Testing

@testable import DatacubeStorage

/// Nothing that a declaration vouches for is replaced while it stands.
@Suite struct UnitChangesTests {
    private let cube = [
        "35VLH/zarr.json", "35VLH/2024/10m/data/c/0/0/0/0", "35VLH/2024/10m/data/checksums.md5",
        "35VLH/2024/10m/data/zarr.json", "35VLH/2024/10m/zarr.json",
    ]

    private func changes(target: [String], due: [String], source: [String]? = nil) -> UnitChanges {
        UnitChanges(of: .zarr, source: source ?? cube, target: target, due: due, vouched: { _ in false })
    }

    @Test func whatDeclaresGoesFromTheTopDownAndComesAgain() {
        let changes = changes(target: cube, due: [cube[1]])
        #expect(changes.removals == [cube[4], cube[3], cube[2]])
        #expect(changes.recalled.sorted() == [cube[2], cube[3], cube[4]].sorted())
    }

    @Test func nothingGoesWhereOnlyDeclarationsCome() {
        #expect(changes(target: cube, due: [cube[3], cube[4]]).removals == [])
        #expect(changes(target: cube, due: []).removals == [])
        #expect(changes(target: [], due: cube).removals == [])
    }

    /// A chunk that the source's cube does not have would be read as its pixels.
    @Test func chunksThatTheSourceNoLongerHasGo() {
        let stale = "35VLH/2024/10m/data/c/0/0/1/0"
        let changes = changes(target: cube + [stale], due: [])
        #expect(changes.removals == [cube[4], cube[3], cube[2], stale])
        #expect(changes.recalled.sorted() == [cube[2], cube[3], cube[4]].sorted())
        // Without an inventory it may as well have been lost.
        let unlisted = cube.filter { !$0.hasSuffix(".md5") }
        #expect(self.changes(target: unlisted + [stale], due: [], source: unlisted).removals == [])
    }

    /// The chunk that was replaced cannot be read: the cube is none, rather than a mixture.
    @Test func aChunkThatCannotBeReadLeavesNoCubeOfTwoStates() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made, staged) = (directory + "/safe", directory + "/made", directory + "/staged")
            try await SyntheticArchive.link([2, 3], below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let tree = StagingJob.Tree(format: .zarr, source: .folder(made), target: staged)
            let settings = StagingJob.Settings(trees: [tree], options: RunOptions(jobs: 2))
            #expect(try await StagingJob(settings, log: .silent).run().failures == [])
            try await SyntheticArchive.link([0], below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let chunk = "/35VLH/2024/10m/data/c/0/0/1/1"
            let content = try FileSystem.contents(of: made + chunk)
            try AtomicFile.write(content.dropLast(), to: made + chunk)
            let outcome = try await StagingJob(settings, log: .silent).run()
            #expect(outcome.status == .partial && outcome.failures.count == 1)
            #expect(outcome.failures.first?.contains(made + chunk) == true)
            #expect(try Cube.open(LocalStore(root: staged), path: "35VLH/2024/10m") == nil)
            #expect(try Cube.open(LocalStore(root: staged), path: "35VLH/2024/20m")?.steps.count == 3)
            try AtomicFile.write(content, to: made + chunk)
            #expect(try await StagingJob(settings, log: .silent).run().failures == [])
            #expect(try FileTree(staged).differences(from: FileTree(made)) == [])
        }
    }

    /// What the source has lost is named and declared nowhere; what the target has of it stays.
    @Test func whatTheSourceLostIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made, staged) = (directory + "/safe", directory + "/made", directory + "/staged")
            try await SyntheticArchive.link([2, 3], below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let tree = StagingJob.Tree(format: .zarr, source: .folder(made), target: staged)
            let settings = StagingJob.Settings(trees: [tree], options: RunOptions(jobs: 2))
            let chunk = "/35VLH/2024/10m/data/c/0/0/1/1"
            try FileSystem.remove(made + chunk)
            let outcome = try await StagingJob(settings, log: .silent).run()
            #expect(outcome.status == .partial && outcome.failures.count == 1)
            #expect(outcome.failures.first?.contains("data/c/0/0/1/1 is lost") == true)
            #expect(try Cube.open(LocalStore(root: staged), path: "35VLH/2024/10m") == nil)
            #expect(try Cube.open(LocalStore(root: staged), path: "35VLH/2024/20m")?.steps.count == 2)
            #expect(try await Converter.zarr.run(from: safe, to: made).failures == [])
            #expect(try await StagingJob(settings, log: .silent).run().failures == [])
            try FileSystem.remove(made + chunk)
            #expect(try await StagingJob(settings, log: .silent).run().failures.count == 1)
            #expect(try FileSystem.exists(staged + chunk))
            #expect(try Cube.open(LocalStore(root: staged), path: "35VLH/2024/10m")?.steps.count == 2)
        }
    }

    /// A bit that flipped on the node's disk is no file that is there already.
    @Test func aStagedFileThatChangedIsStagedAgain() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made, staged) = (directory + "/safe", directory + "/made", directory + "/staged")
            try await SyntheticArchive.link([2], below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let tree = StagingJob.Tree(format: .zarr, source: .folder(made), target: staged)
            let settings = StagingJob.Settings(trees: [tree], options: RunOptions(jobs: 2))
            _ = try await StagingJob(settings, log: .silent).run()
            let path = staged + "/35VLH/2024/10m/data/c/0/0/1/1"
            let time = try #require(try FileSystem.status(path)).modified
            var bytes = try FileSystem.contents(of: path)
            bytes[bytes.count / 2] ^= 4
            try AtomicFile.write(bytes, to: path)
            try LocalFile(updating: path).setTimes(time)
            #expect(try await StagingJob(settings, log: .silent).run().failures == [])
            #expect(try FileTree(staged).differences(from: FileTree(made)) == [])
        }
    }

    /// In a bucket too what declares goes before anything is stored.
    @Test func inBucketsDeletesPrecedePuts() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            try await sides.mirror(sides.settings(.up))
            try sides.write(MirrorSides.paths[3], Array("other content".utf8))
            let first = sides.server.requests.count
            try await sides.mirror(sides.settings(.up))
            let changes = sides.server.requests[first...].filter { ["PUT", "DELETE"].contains($0.method) }
                .map { "\($0.method) \($0.path.dropFirst("/bucket/35VLH/2024/10m/".count))" }
            #expect(
                changes == [
                    "DELETE zarr.json", "DELETE data/zarr.json", "PUT data/c/0/0", "PUT data/zarr.json",
                    "PUT zarr.json",
                ]
            )
        }
    }
}
