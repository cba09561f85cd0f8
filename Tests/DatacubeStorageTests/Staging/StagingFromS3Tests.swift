import DatacubeStorage
import TestSupport
import Testing

@Suite struct StagingFromS3Tests {
    private func settings(_ sides: MirrorSides) -> StagingJob.Settings {
        let tree = StagingJob.Tree(format: .zarr, source: .bucket(sides.store), target: sides.folder)
        return StagingJob.Settings(trees: [tree], options: RunOptions(jobs: 1))
    }

    private func fill(_ sides: MirrorSides) {
        sides.server.change { state in for path in MirrorSides.paths { state.objects[path] = Array(path.utf8) } }
    }

    @Test(arguments: StagingJob.Verification.allCases)
    func everyObjectComesOnce(_ verification: StagingJob.Verification) async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            var settings = settings(sides)
            settings.verification = verification
            let count = MirrorSides.paths.count
            let outcome = try await StagingJob(settings, log: .silent).run()
            #expect(outcome == JobOutcome(finished: count))
            for path in MirrorSides.paths {
                #expect(try FileSystem.contents(of: "\(sides.folder)/\(path)") == Array(path.utf8))
            }
            #expect(sides.fetched().count == count)
            #expect(try await StagingJob(settings, log: .silent).run() == JobOutcome(skipped: count))
            #expect(sides.fetched().count == count)
        }
    }

    @Test func aDamagedObjectIsNamedAndNotStaged() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            sides.server.change { $0.damaged = ["35VLG/2023/10m/data/c/0/0"] }
            let outcome = try await StagingJob(settings(sides), log: .silent).run()
            #expect(outcome.failures.count == 1 && outcome.status == .partial)
            #expect(try FileTree(sides.folder + "/35VLG").files == [])
            #expect(try FileSystem.exists(sides.folder + "/35VLH/zarr.json"))
        }
    }

    @Test func theResolutionsAreChosen() async throws {
        try await MirrorSides.with { sides in
            fill(sides)
            sides.server.change { $0.objects["35VLH/2024/60m/zarr.json"] = [1] }
            var settings = settings(sides)
            settings.resolutions = [.r60]
            settings.filter = .init(tiles: ["35VLH"], years: [2024])
            _ = try await StagingJob(settings, log: .silent).run()
            #expect(try FileTree(sides.folder).files == ["/35VLH/2024/60m/zarr.json", "/35VLH/zarr.json"])
        }
    }
}
