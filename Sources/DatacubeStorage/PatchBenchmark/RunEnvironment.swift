import Glibc

/// The machine and the software of a run, for whoever reads its figures later.
public struct RunEnvironment: Codable, Sendable {
    /// Host name.
    public var host: String
    /// Operating system and kernel.
    public var system: String
    /// Processor model.
    public var processor: String
    /// Processors that this process may use.
    public var processors: Int
    /// Main memory, bytes.
    public var memory: Int
    /// Slurm's job id, if there is one.
    public var job: String?
    /// Type of the file system of each folder, such as `lustre` or `ext4`.
    public var fileSystems: [String: String]

    enum CodingKeys: String, CodingKey {
        case host, system, processor, processors, memory, job
        case fileSystems = "file_systems"
    }

    /// Looks at this machine.
    static func current(folders: [String]) -> RunEnvironment {
        let mounts = Mounts()
        return RunEnvironment(
            host: ProcessIdentity.hostName(),
            system: system(),
            processor: KernelFile.value("model name", in: "/proc/cpuinfo") ?? architecture(),
            processors: ProcessorCount.granted,
            memory: memory(),
            job: variable("SLURM_JOB_ID"),
            fileSystems: Dictionary(folders.map { ($0, mounts.type(of: $0)) }) { first, _ in first }
        )
    }

    private static func system() -> String {
        let kernel = (try? KernelFile.text("/proc/sys/kernel/osrelease")) ?? "?"
        let release = (try? KernelFile.lines("/etc/os-release")) ?? []
        let name = release.first { $0.hasPrefix("PRETTY_NAME=") }
        let system = name.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } } ?? "Linux"
        return "\(system), kernel \(kernel.filter { !$0.isWhitespace })"
    }

    private static func memory() -> Int {
        let text = KernelFile.value("MemTotal", in: "/proc/meminfo") ?? ""
        return (Int(text.prefix { $0.isNumber }) ?? 0) << 10
    }

    private static func architecture() -> String {
        #if arch(arm64)
        "aarch64"
        #else
        "x86-64"
        #endif
    }

    private static func variable(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}

/// The mounted file systems.
private struct Mounts {
    private var types: [(folder: String, type: String)] = []

    // proc(5): fields are blanks apart, the type follows a lone dash.
    init() {
        guard let lines = try? KernelFile.lines("/proc/self/mountinfo") else { return }
        for line in lines {
            let fields = line.split(separator: " ").map(String.init)
            guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 1, dash > 4 else { continue }
            types.append((fields[4], fields[dash + 1]))
        }
    }

    func type(of path: String) -> String {
        let resolved = realPath(path)
        let holders = types.filter { $0.folder == "/" || resolved == $0.folder || resolved.hasPrefix($0.folder + "/") }
        return holders.max { $0.folder.count < $1.folder.count }?.type ?? "?"
    }

    private func realPath(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
