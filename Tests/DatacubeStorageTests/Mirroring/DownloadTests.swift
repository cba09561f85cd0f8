import DatacubeStorage
import TestSupport
import Testing

@Suite struct DownloadTests {
    private func fill(_ sides: MirrorSides, _ paths: [String] = MirrorSides.paths) {
        sides.server.change { state in
            for path in paths {
                state.objects[path] = path.hasSuffix("empty") ? [] : Array("content of \(path)".utf8)
                state.modified[path] = 1_700_000_000
            }
        }
    }

    private func files(_ sides: MirrorSides) throws -> [String] {
        try FileTree(sides.folder).files.map { String($0.dropFirst()) }
    }

    @Test func theFolderGetsTheBucket() async throws {
        try await MirrorSides.with { sides in
            fill(sides, MirrorSides.paths + ["35VLH/2024/", ".lock", "35VLH/.x.partial"])
            let outcome = try await sides.mirror(sides.settings(.down))
            #expect(outcome == JobOutcome(finished: MirrorSides.paths.count))
            #expect(try files(sides) == MirrorSides.paths.sorted())
            for path in MirrorSides.paths {
                #expect(try FileSystem.contents(of: "\(sides.folder)/\(path)") == sides.server.objects[path])
            }
            // What is empty needs no request.
            let filled = MirrorSides.paths.filter { sides.server.objects[$0]?.isEmpty == false }
            #expect(sides.fetched().sorted() == filled.sorted())
            let first = sides.server.requests.count
            #expect(try await sides.mirror(sides.settings(.down)) == JobOutcome(skipped: MirrorSides.paths.count))
            #expect(sides.fetched(since: first) == [])
        }
    }

    /// Files of other times but the same content are left alone, those of other content fetched.
    @Test func onlyWhatDiffersIsFetched() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            try sides.fill()
            let other = MirrorSides.paths[3]
            try sides.write(other, Array("CONTENT of \(other)".utf8))
            let outcome = try await sides.mirror(sides.settings(.down))
            // What declares the cube complete goes first and comes again.
            let declaring = ["35VLH/2024/10m/data/zarr.json", "35VLH/2024/10m/zarr.json"]
            #expect(outcome == JobOutcome(finished: 3, skipped: MirrorSides.paths.count - 3))
            #expect(sides.fetched().sorted() == ([other] + declaring).sorted())
            #expect(try FileSystem.contents(of: "\(sides.folder)/\(other)") == sides.server.objects[other])
        }
    }

    @Test func anObjectThatWasReplacedIsFetchedAgain() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            try await sides.mirror(sides.settings(.down))
            let path = MirrorSides.paths[3]
            sides.server.change { state in
                state.objects[path] = Array("CONTENT of \(path)".utf8)
                state.modified[path] = 1_700_000_001
            }
            #expect(try await sides.mirror(sides.settings(.down)).finished == 3)
            #expect(try FileSystem.contents(of: "\(sides.folder)/\(path)") == sides.server.objects[path])
        }
    }

    @Test func damagedDataAreNeverNamedNorDeclaredComplete() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            sides.server.change { $0.damaged = ["35VLH/2024/10m/data/c/0/1"] }
            let outcome = try await sides.mirror(sides.settings(.down))
            #expect(outcome.failures.count == 1 && outcome.status == .partial)
            #expect(outcome.failures[0].contains("35VLH/2024/10m/data/c/0/1"))
            // No cube above it, and all of the other tile; the tile's group declares nothing.
            let expected = [
                "35VLG/2023/10m/data/c/0/0", "35VLG/2023/10m/zarr.json", "35VLH/2024/10m/data/c/0/0",
                "35VLH/2024/10m/empty", "35VLH/zarr.json",
            ]
            #expect(try files(sides) == expected)
            sides.server.change { $0.damaged = [] }
            #expect(try await sides.mirror(sides.settings(.down)).status == .done)
            #expect(try files(sides) == MirrorSides.paths.sorted())
        }
    }

    @Test(arguments: ["../outside", "35VLH/../../outside", "/tmp/dslab-outside", "35VLH//2024/x", "35VLH/./x"])
    func keysThatLeaveTheFolderAreRefusedOneByOne(_ key: String) async throws {
        try await MirrorSides.with { sides in
            fill(sides, MirrorSides.paths + [key])
            let outcome = try await sides.mirror(sides.settings(.down))
            #expect(outcome.finished == MirrorSides.paths.count && outcome.status == .partial)
            #expect(outcome.failures.count == 1 && outcome.failures[0].contains("'\(key)' would leave"))
            #expect(!sides.fetched().contains { $0.hasSuffix("outside") || $0.hasSuffix("/x") })
            let parent = FileSystem.parent(of: sides.folder)
            #expect(try FileSystem.list(parent) == ["zarr"])
            #expect(try files(sides) == MirrorSides.paths.sorted())
        }
    }

    @Test func whatHasNoObjectIsRemovedOnlyWhenAskedFor() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            try sides.write("35VLH/2024/60m/data/c/0", [1])
            try sides.write("35VLG/2023/60m/data/c/0", [1])
            try await sides.mirror(sides.settings(.down))
            #expect(try files(sides).count == MirrorSides.paths.count + 2)
            var settings = sides.settings(.down)
            settings.deleteExtraneous = true
            settings.filter = .init(tiles: ["35VLH"])
            #expect(try await sides.mirror(settings).finished == 1)
            #expect(try files(sides).count == MirrorSides.paths.count + 1)
            #expect(try !FileSystem.exists(sides.folder + "/35VLH/2024/60m"))
            #expect(try FileSystem.exists(sides.folder + "/35VLH/2024/10m"))
        }
    }

    /// Other tiles need the group of the store, other years that of the tile.
    @Test func groupsAboveCubesAreRemovedWithAllOfThemOnly() async throws {
        try await MirrorSides.with { sides in
            fill(sides, MirrorSides.paths.filter { $0 != "35VLH/zarr.json" })
            try sides.write("zarr.json", [1])
            try sides.write("35VLH/zarr.json", [1])
            var settings = sides.settings(.down)
            settings.deleteExtraneous = true
            settings.filter = .init(tiles: ["35VLH"], years: [2024])
            try await sides.mirror(settings)
            #expect(try files(sides).filter { $0.hasSuffix("zarr.json") }.contains("zarr.json"))
            #expect(try files(sides).contains("35VLH/zarr.json"))
            settings.filter = .init()
            #expect(try await sides.mirror(settings).status == .done)
            #expect(try files(sides) == MirrorSides.paths.filter { $0 != "35VLH/zarr.json" }.sorted())
        }
    }

    @Test func anEmptyBucketEmptiesNoFolder() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            var settings = sides.settings(.down)
            settings.deleteExtraneous = true
            await #expect { try await sides.mirror(settings) } throws: { ($0 as? PipelineError)?.code == .notFound }
            #expect(try files(sides) == MirrorSides.paths.sorted())
        }
    }

    @Test func onlyTheTileIsListed() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            var settings = sides.settings(.down)
            settings.filter = .init(tiles: ["35VLG"])
            try await sides.mirror(settings)
            #expect(try files(sides) == MirrorSides.paths.filter { $0.hasPrefix("35VLG/") }.sorted())
            let listings = sides.server.requests.filter { $0.target.contains("list-type") }
            #expect(
                listings.allSatisfy { $0.target.contains("prefix=35VLG%2F") || $0.target.contains("prefix=zarr.json") }
            )
        }
    }
}
