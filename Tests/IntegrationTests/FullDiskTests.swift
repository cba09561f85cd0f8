import Foundation
import TestSupport
import Testing

/// A disk that is full is one clear line, leaves nothing half-written, and costs nothing once there is space.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct FullDiskTests {
    /// Room for a part of what the job writes.
    @Test(.enabled(if: MountedDisk.isAllowed, "mounting a tmpfs needs root"), arguments: Job.allCases)
    func aRerunWithSpaceFinishes(_ job: Job) throws {
        try Workspace.with { workspace in
            let disk = try MountedDisk(tmpfs: workspace.root, megabytes: 30)
            expectNoSpace(try workspace.run(job), workspace)
            #expect(try workspace.files(job).filter { $0.contains(".partial") || $0.contains(".lock") } == [])
            try disk.grow(toMegabytes: 1000)
            let rerun = try workspace.run(job)
            #expect(rerun.status == 0, "\(rerun.errors)")
            #expect(try workspace.differences(job) == [])
        }
    }

    /// Libraries notice a full disk at other places of a file each time: at its beginning, in the middle, when closing it.
    @Test(.enabled(if: MountedDisk.isAllowed, "mounting a tmpfs needs root"), arguments: [3, 5, 6, 7, 8, 12, 16])
    func isToldAtAnyPlaceOfAFile(_ megabytes: Int) throws {
        try Workspace.with { workspace in
            let folder = workspace.root + "/disk"
            let disk = try MountedDisk(tmpfs: folder, megabytes: megabytes)
            defer { withExtendedLifetime(disk) {} }
            let full = Workspace(root: folder)
            try linkProducts(2, to: workspace)
            let variables = full.variables(safe: workspace.root + "/safe")
            expectNoSpace(try Tool.run("safe2cog", [], variables), full)
            let expected = try #require(try Archive.shared().trees[.cog])
            let made = try FileTree(full.path(.cog))
            #expect(made.paths.filter { made.digests[$0] != expected.digests[$0] } == [], "what is there is whole")
        }
    }

    /// Codestreams are written by OpenJPEG, which tells of the end of one only that it failed.
    @Test(.enabled(if: MountedDisk.isAllowed, "mounting a tmpfs needs root"), arguments: [1, 2, 3, 4])
    func theSynthesisTellsOfItToo(_ megabytes: Int) throws {
        try Workspace.with { workspace in
            let folder = workspace.root + "/disk"
            let disk = try MountedDisk(tmpfs: folder, megabytes: megabytes)
            let arguments = ["--output", folder, "--dates", "3", "--extent", "600"]
            expectNoSpace(try Tool.run("s2-synth", arguments), Workspace(root: folder))
            try disk.grow(toMegabytes: 1000)
            let rerun = try Tool.run("s2-synth", arguments)
            #expect(rerun.status == 0, "\(rerun.errors)")
            #expect(try FileTree(folder).paths.filter { $0.contains(".partial") || $0.contains(".lock") } == [])
        }
    }

    /// The stager asks before it copies, so nothing at all is written.
    @Test(.enabled(if: MountedDisk.isAllowed, "mounting a tmpfs needs root"))
    func stagingRefusesWhatDoesNotFit() throws {
        try Workspace.with { workspace in
            let disk = try MountedDisk(tmpfs: workspace.root, megabytes: 30)
            defer { withExtendedLifetime(disk) {} }
            let result = try workspace.run(.stage)
            #expect(result.status == 75)
            #expect(result.lines.last?.contains("are missing; stage less with --tile_id") == true)
            #expect(try workspace.files(.stage) == [])
        }
    }

    private func expectNoSpace(_ result: ToolResult, _ workspace: Workspace) {
        #expect(result.status == 75 && result.output.isEmpty)
        let errors = result.lines.filter { $0.contains(" error ") }
        #expect(errors.first?.contains("noSpace: ") == true, "\(result.errors)")
        #expect(errors.first?.contains(workspace.root) == true, "\(result.errors)")
        #expect(errors.count <= 3, "\(result.errors)")
    }

    private func linkProducts(_ count: Int, to workspace: Workspace) throws {
        let archive = try Archive.shared()
        let all = FileManager.default.enumerator(atPath: archive.safe)?.compactMap { $0 as? String } ?? []
        for product in all.filter({ $0.hasSuffix(".SAFE") }).sorted().prefix(count) {
            let folder = (workspace.root + "/safe/" + product as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            #expect(try Tool.run("/bin/cp", ["-al", "\(archive.safe)/\(product)", folder]).status == 0)
        }
    }
}
