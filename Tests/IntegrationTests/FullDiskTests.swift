import Foundation
import Testing

/// A disk that is full is one clear line, leaves nothing half-written, and costs nothing once there is space.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct FullDiskTests {
    /// Room for a part of what the job writes.
    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a tmpfs needs root"), arguments: Job.allCases)
    func isOneLineAndARerunWithSpaceFinishes(_ job: Job) throws {
        try Workspace.with { workspace in
            let disk = try SmallDisk(at: workspace.root, megabytes: 30)
            let result = try workspace.run(job)
            #expect([1, 3, 75].contains(result.status))
            #expect(result.output.isEmpty)
            let errors = result.lines.filter { $0.contains(" error ") }
            #expect(errors.contains { $0.contains("noSpace: ") && $0.contains(workspace.root) }, "\(result.errors)")
            #expect(errors.count <= 3, "\(result.errors)")
            #expect(try workspace.files(job).filter { $0.contains(".partial") || $0.hasSuffix(".lock") } == [])
            try disk.grow(toMegabytes: 1000)
            let rerun = try workspace.run(job)
            #expect(rerun.status == 0, "\(rerun.errors)")
            #expect(try workspace.differences(job) == [])
        }
    }

    /// The stager asks before it copies, so nothing at all is written.
    @Test(.enabled(if: SmallDisk.isAllowed, "mounting a tmpfs needs root"))
    func stagingRefusesWhatDoesNotFit() throws {
        try Workspace.with { workspace in
            let disk = try SmallDisk(at: workspace.root, megabytes: 30)
            defer { withExtendedLifetime(disk) {} }
            let result = try workspace.run(.stage)
            #expect(result.status == 75)
            #expect(result.lines.last?.contains("are missing; stage less with --tile_id") == true)
            #expect(try workspace.files(.stage) == [])
        }
    }
}

/// A tmpfs of a given size, unmounted when it goes.
private final class SmallDisk {
    private let path: String

    static let isAllowed: Bool = {
        guard getuid() == 0, (try? SmallDisk(at: NSTemporaryDirectory() + "dslab-mount", megabytes: 1)) != nil else {
            return false
        }
        return true
    }()

    init(at path: String, megabytes: Int) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try SmallDisk.mount(["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    deinit { _ = try? Tool.run("/usr/bin/umount", ["--lazy", path]) }

    func grow(toMegabytes size: Int) throws { try SmallDisk.mount(["-o", "remount,size=\(size)m", path]) }

    private static func mount(_ arguments: [String]) throws {
        let result = try Tool.run("/usr/bin/mount", arguments)
        guard result.status == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }
}
