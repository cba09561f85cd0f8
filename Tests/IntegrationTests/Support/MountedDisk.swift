import Foundation

/// A file system of a test's own, unmounted when it goes.
final class MountedDisk {
    private let path: String

    /// Whether this process may mount anything.
    static let isAllowed: Bool = {
        getuid() == 0 && (try? MountedDisk(tmpfs: NSTemporaryDirectory() + "dslab-mount", megabytes: 1)) != nil
    }()

    /// Whether it may mount a file system in which files share blocks.
    static let sharesBlocks: Bool = {
        guard getuid() == 0 else { return false }
        let path = NSTemporaryDirectory() + "dslab-mount-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return (try? MountedDisk(xfs: path, megabytes: 300)) != nil
    }()

    /// Memory.
    convenience init(tmpfs path: String, megabytes: Int) throws {
        try self.init(path, ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs"])
    }

    /// XFS in a sparse file beside the folder.
    convenience init(xfs path: String, megabytes: Int) throws {
        let image = path + ".image"
        try MountedDisk.expectDone("/usr/bin/truncate", ["--size", "\(megabytes)M", image])
        defer { try? FileManager.default.removeItem(atPath: image) }
        try MountedDisk.expectDone("/usr/sbin/mkfs.xfs", ["-q", "-m", "reflink=1", image])
        try self.init(path, ["-t", "xfs", "-o", "loop", image])
    }

    private init(_ path: String, _ arguments: [String]) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try MountedDisk.expectDone("/usr/bin/mount", arguments + [path])
    }

    deinit { _ = try? Tool.run("/usr/bin/umount", ["--lazy", path]) }

    func grow(toMegabytes size: Int) throws {
        try MountedDisk.expectDone("/usr/bin/mount", ["-o", "remount,size=\(size)m", path])
    }

    private static func expectDone(_ program: String, _ arguments: [String]) throws {
        let result = try Tool.run(program, arguments)
        guard result.status == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
