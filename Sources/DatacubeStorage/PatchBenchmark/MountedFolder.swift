import Glibc

/// The file system under a folder, and the device that holds it.
public struct MountedFolder: Codable, Sendable, Equatable {
    /// Where it is mounted.
    public var mount: String
    /// Type, such as `lustre` or `ext4`.
    public var type: String
    /// Options of the mount and of the file system, as the kernel tells them.
    public var options: String
    /// What is mounted, such as `/dev/nvme0n1p1`.
    public var device: String
    /// Whether the device turns; nil where there is none, or the kernel does not tell.
    public var isRotational: Bool?
    /// Name that the device's maker gave it.
    public var model: String?

    enum CodingKeys: String, CodingKey {
        case mount, type, options, device, model
        case isRotational = "rotational"
    }
}

/// The mounted file systems.
struct Mounts {
    private struct Entry {
        let numbers: String
        let folder: MountedFolder
    }

    private var entries: [Entry] = []

    init() { self.init((try? KernelFile.lines("/proc/self/mountinfo")) ?? []) }

    /// Reads lines of `mountinfo`, proc(5): fields are blanks apart, type, device and options follow a lone dash.
    init(_ lines: [Substring]) {
        entries = lines.compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 2, dash > 5 else { return nil }
            let options = [fields[5]] + (fields.count > dash + 3 ? [fields[dash + 3]] : [])
            let folder = MountedFolder(
                mount: fields[4],
                type: fields[dash + 1],
                options: options.joined(separator: ","),
                device: fields[dash + 2]
            )
            return Entry(numbers: fields[2], folder: folder)
        }
    }

    /// The mount that holds a path; nil where the kernel names none.
    func holder(of path: String) -> MountedFolder? {
        let resolved = realPath(path)
        let holders = entries.filter { entry in
            let mount = entry.folder.mount
            return mount == "/" || resolved == mount || resolved.hasPrefix(mount + "/")
        }
        // Of two mounts on one place the later one is seen.
        guard let entry = holders.reversed().max(by: { $0.folder.mount.count < $1.folder.mount.count }) else {
            return nil
        }
        var folder = entry.folder
        folder.isRotational = deviceFile("queue/rotational", of: entry.numbers).map { $0 == "1" }
        folder.model = deviceFile("device/model", of: entry.numbers)
        return folder
    }

    /// What the kernel says of a device, or of the disk that a partition is on.
    private func deviceFile(_ name: String, of numbers: String) -> String? {
        let folder = "/sys/dev/block/\(numbers)"
        let texts = ["\(folder)/\(name)", "\(folder)/../\(name)"].lazy.compactMap { try? KernelFile.text($0).trimmed() }
        return texts.first { !$0.isEmpty }
    }

    private func realPath(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
