import DatacubeStorage
import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@Suite struct UploadTests {
    @Test(arguments: ["", "some/where"]) func theBucketGetsTheFolder(_ prefix: String) async throws {
        try await MirrorSides.with(prefix: prefix) { sides in
            try sides.fill()
            #expect(try await sides.mirror(sides.settings(.up)) == JobOutcome(finished: MirrorSides.paths.count))
            let start = prefix.isEmpty ? "" : prefix + "/"
            #expect(sides.server.objects.keys.sorted() == MirrorSides.paths.map { start + $0 }.sorted())
            for path in MirrorSides.paths where !path.hasSuffix("empty") {
                #expect(sides.server.objects[start + path] == Array("content of \(path)".utf8))
            }
        }
    }

    @Test func aSecondRunStoresNothingAndSaysSo() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            try await sides.mirror(sides.settings(.up))
            let first = sides.server.requests.count
            let lines = Mutex<[String]>([])
            let log = Logger.calling { line in lines.withLock { $0.append(line) } }
            #expect(
                try await sides.mirror(sides.settings(.up), log) == JobOutcome(skipped: MirrorSides.paths.count)
            )
            #expect(sides.stored(since: first) == [])
            // Nothing but listings: no request for each object.
            #expect(!sides.server.requests[first...].contains { $0.path.count > "/bucket/".count })
            #expect(lines.withLock { $0 }.contains("nothing to do: every selected file is there"))
        }
    }

    /// Content decides, whatever the time of modification says.
    @Test func onlyWhatDiffersIsStoredAgain() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            try await sides.mirror(sides.settings(.up))
            let (longer, other, touched) = (MirrorSides.paths[0], MirrorSides.paths[3], MirrorSides.paths[4])
            try sides.write(longer, Array("content of \(longer) and more".utf8))
            let old = try #require(try FileSystem.status("\(sides.folder)/\(other)"))
            try sides.write(other, Array("CONTENT of \(other)".utf8))
            try setTime("\(sides.folder)/\(other)", seconds: old.modified / 1_000_000_000 - 86_400)
            try setTime("\(sides.folder)/\(touched)", seconds: 2_000_000_000)
            let first = sides.server.requests.count
            let outcome = try await sides.mirror(sides.settings(.up))
            // What declares the cube complete goes first and comes again.
            let declaring = ["35VLH/2024/10m/data/zarr.json", "35VLH/2024/10m/zarr.json"]
            #expect(outcome == JobOutcome(finished: 4, skipped: MirrorSides.paths.count - 4))
            #expect(sides.stored(since: first).sorted() == ([longer, other] + declaring).sorted())
        }
    }

    @Test func dataComeBeforeWhatDeclaresThemComplete() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            try await sides.mirror(sides.settings(.up))
            let order = sides.stored()
            // The group above the cubes declares nothing and may come at any time.
            let metadata = order.filter { $0.hasSuffix("zarr.json") && $0 != "35VLH/zarr.json" }
            #expect(Array(order.suffix(metadata.count)) == metadata)
            // The groups of two cubes may come in either order.
            #expect(metadata.first == "35VLH/2024/10m/data/zarr.json")
            #expect(metadata.dropFirst().sorted() == ["35VLG/2023/10m/zarr.json", "35VLH/2024/10m/zarr.json"])
        }
    }

    @Test func hiddenFilesStayHere() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            try sides.write(".stage.lock", [1])
            try sides.write("35VLH/.0.1.2.partial", [1])
            try sides.write("35VLH/.hidden/file", [1])
            try FileSystem.createDirectories(sides.folder + "/35VLH/2024/20m/data/c")
            try await sides.mirror(sides.settings(.up))
            #expect(sides.server.objects.keys.sorted() == MirrorSides.paths.sorted())
        }
    }

    @Test func theSelectionIsAllThatIsStored() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            var settings = sides.settings(.up)
            settings.filter = .init(tiles: ["35VLG"], years: [2023])
            try await sides.mirror(settings)
            #expect(sides.stored().sorted() == MirrorSides.paths.filter { $0.hasPrefix("35VLG/2023/") }.sorted())
        }
    }

    @Test func aDryRunStoresNothing() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            var settings = sides.settings(.up)
            settings.options.dryRun = true
            settings.publicRead = true
            #expect(try await sides.mirror(settings) == JobOutcome())
            #expect(sides.server.requests.allSatisfy { ["GET", "HEAD"].contains($0.method) })
        }
    }

    @Test func whatHasNoFileStaysUnlessAskedFor() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            let extra = ["35VLH/2024/10m/data/c/9/9", "35VLG/2023/10m/data/c/9/9", "35VLH/", ".lock"]
            sides.server.change { state in for key in extra { state.objects[key] = [1] } }
            try await sides.mirror(sides.settings(.up))
            #expect(Set(sides.server.objects.keys).isSuperset(of: extra))
            var settings = sides.settings(.up)
            settings.deleteExtraneous = true
            settings.filter = .init(tiles: ["35VLH"], years: [2024])
            #expect(try await sides.mirror(settings).finished == 1)
            #expect(Set(extra).subtracting(sides.server.objects.keys) == [extra[0]])
        }
    }

    /// An empty folder is more likely a drive that is not mounted.
    @Test func anEmptyFolderEmptiesNoBucket() async throws {
        try await MirrorSides.with { sides in
            sides.server.change { $0.objects["35VLH/zarr.json"] = [1] }
            var settings = sides.settings(.up)
            settings.deleteExtraneous = true
            await #expect { try await sides.mirror(settings) } throws: { ($0 as? PipelineError)?.code == .notFound }
            try FileSystem.createDirectories(sides.folder)
            await #expect { try await sides.mirror(settings) } throws: { ($0 as? PipelineError)?.code == .notFound }
            #expect(sides.server.objects.count == 1)
        }
    }

    @Test(arguments: [BucketQuota(objects: 9, bytes: 1 << 40), BucketQuota(objects: 100, bytes: 100)])
    func whatDoesNotFitIsRefusedBeforeAnythingIsStored(_ quota: BucketQuota) async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            sides.server.change { state in for number in 0..<2 { state.objects["other/\(number)"] = [1] } }
            var settings = sides.settings(.up)
            settings.quota = quota
            let error = await #expect(throws: PipelineError.self) { try await sides.mirror(settings) }
            #expect(error?.code == .noSpace && error?.message.contains("10 of at most \(quota.objects)") == true)
            #expect(sides.stored() == [])
            settings.quota = .allas
            let lines = Mutex<[String]>([])
            try await sides.mirror(settings, Logger.calling { line in lines.withLock { $0.append(line) } })
            #expect(lines.withLock { $0 }.contains { $0.hasPrefix("afterwards: s3://bucket 10 of at most 500000 ob") })
        }
    }

    @Test func oneMirrorAtATimeWorksOnAFolder() async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            let lock = try TargetLock(path: sides.folder + "/.mirror.lock")
            await #expect { try await sides.mirror(sides.settings(.up)) } throws: {
                ($0 as? PipelineError)?.code == .locked
            }
            #expect(sides.server.requests.isEmpty)
            _ = consume lock
        }
    }

    /// As array tasks do.
    @Test func mirrorsOfDifferentTileYearsRunSideBySide() async throws {
        try await MirrorSides.with { (sides: MirrorSides) async throws in
            try sides.fill()
            var settings = sides.settings(.up)
            settings.filter = TileYearFilter(tiles: ["35VLH"], years: [2024])
            let other = try TargetLock(path: sides.folder + "/.mirror-35VLG-2023.lock")
            #expect(try await sides.mirror(settings).failures == [])
            await #expect { try await sides.mirror(sides.settings(.up)) } throws: {
                ($0 as? PipelineError)?.code == .locked
            }
            other.release()
            let all = try TargetLock(path: sides.folder + "/.mirror.lock")
            await #expect { try await sides.mirror(settings) } throws: { ($0 as? PipelineError)?.code == .locked }
            all.release()
            #expect(try await sides.mirror(sides.settings(.up)).failures == [])
            #expect(try FileTree(sides.folder).paths.filter { $0.contains(".lock") } == [])
        }
    }

    private func setTime(_ path: String, seconds: Int) throws {
        var times = [timeval(tv_sec: seconds, tv_usec: 0), timeval(tv_sec: seconds, tv_usec: 0)]
        try #require(utimes(path, &times) == 0)
    }
}
