import DatacubeStorage
import TestSupport
import Testing

/// A transfer whose server no longer answers ends as soon as it is cancelled, long before any time-out.
@Suite struct SilentServerTests {
    /// The same sides with connections of their own, as the next run has: those of a cancelled job stay closed.
    private func again(_ sides: MirrorSides) throws -> MirrorSides {
        let store = S3Store(bucket: try testClient(sides.server.url).bucket("bucket"))
        return MirrorSides(folder: sides.folder, server: sides.server, store: store)
    }

    private func fillBucket(_ sides: MirrorSides) {
        sides.server.change { state in for path in MirrorSides.paths { state.objects[path] = Array(path.utf8) } }
    }

    /// Nothing is left of a cancelled run but whole files: no lock, nothing unfinished.
    private func expectWholeFiles(_ sides: MirrorSides) throws {
        guard try FileSystem.exists(sides.folder) else { return }
        #expect(try FileTree(sides.folder).paths.filter { $0.contains("/.") } == [])
        for path in MirrorSides.paths {
            guard let size = try FileSystem.status("\(sides.folder)/\(path)")?.size else { continue }
            #expect(size == sides.server.objects[path]?.count)
        }
    }

    @Test(arguments: [RequestKind.listing, .upload])
    func anUploadEnds(_ kind: RequestKind) async throws {
        try await MirrorSides.with { sides in
            try sides.fill()
            try await sides.server.expectToEndWhenCancelled(ignoring: kind) {
                try await sides.mirror(sides.settings(.up))
            }
            #expect(sides.server.objects.isEmpty)
            #expect(try FileTree(sides.folder).files.map { String($0.dropFirst()) } == MirrorSides.paths.sorted())
            let next = try again(sides)
            #expect(try await next.mirror(next.settings(.up)) == JobOutcome(finished: MirrorSides.paths.count))
        }
    }

    @Test(arguments: [RequestKind.listing, .content, .marker])
    func aDownloadEnds(_ kind: RequestKind) async throws {
        try await MirrorSides.with { sides in
            fillBucket(sides)
            try await sides.server.expectToEndWhenCancelled(ignoring: kind) {
                try await sides.mirror(sides.settings(.down))
            }
            try expectWholeFiles(sides)
            let next = try again(sides)
            let outcome = try await next.mirror(next.settings(.down))
            #expect(outcome.failures == [] && outcome.finished + outcome.skipped == MirrorSides.paths.count)
        }
    }

    @Test(arguments: [RequestKind.listing, .content, .marker])
    func stagingEnds(_ kind: RequestKind) async throws {
        try await MirrorSides.with { sides in
            fillBucket(sides)
            try await sides.server.expectToEndWhenCancelled(ignoring: kind) { _ = try await stage(sides) }
            try expectWholeFiles(sides)
            let outcome = try await stage(again(sides))
            #expect(outcome.failures == [] && outcome.finished + outcome.skipped == MirrorSides.paths.count)
        }
    }

    private func stage(_ sides: MirrorSides) async throws -> JobOutcome {
        let tree = StagingJob.Tree(format: .zarr, source: .bucket(sides.store), target: sides.folder)
        return try await StagingJob(StagingJob.Settings(trees: [tree], options: RunOptions(jobs: 1)), log: .silent)
            .run()
    }
}
