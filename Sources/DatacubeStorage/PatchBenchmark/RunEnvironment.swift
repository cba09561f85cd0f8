import Glibc

/// The machine and the software of a run, for whoever reads its figures later.
///
/// What is optional is not known of runs of older versions.
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
    /// The command with its arguments; secrets never stand there.
    public var command: [String]?
    /// The revision of the tools, as git names it; nil where their build was not told.
    public var revision: String?
    /// Versions of the libraries.
    public var libraries: [String: String]?
    /// What the process may use of the memory, bytes; nil where it may use all.
    public var memoryLimit: Int?
    /// Mount and device of each folder.
    public var mounts: [String: MountedFolder]?
    /// Mean number of processes that ran in the minute before the run.
    public var loadAverage: Double?
    /// Share of those processors that other processes kept busy right before the run, from 0 to 1.
    public var busyBefore: Double?

    enum CodingKeys: String, CodingKey {
        case host, system, processor, processors, memory, job, command, revision, libraries, mounts
        case fileSystems = "file_systems"
        case memoryLimit = "memory_limit"
        case loadAverage = "load_average"
        case busyBefore = "busy_before"
    }

    /// Looks at this machine, for a fifth of a second.
    static func current(folders: [String]) -> RunEnvironment {
        let table = Mounts()
        let mounts = Dictionary(folders.map { ($0, table.holder(of: $0)) }) { first, _ in first }
        return RunEnvironment(
            host: ProcessIdentity.hostName(),
            system: system(),
            processor: KernelFile.value("model name", in: "/proc/cpuinfo") ?? architecture(),
            processors: ProcessorCount.granted,
            memory: MemoryLimit.machine(),
            job: variable("SLURM_JOB_ID"),
            fileSystems: mounts.mapValues { $0?.type ?? "?" },
            command: command(),
            revision: Version.revision,
            libraries: LibraryVersions.current,
            memoryLimit: MemoryLimit.controlGroup(),
            mounts: mounts.compactMapValues { $0 },
            loadAverage: ProcessorLoad.average(),
            busyBefore: ProcessorLoad.busyWithOthers()
        )
    }

    /// The tool by its name, for others have it elsewhere, and its arguments.
    private static func command() -> [String] {
        let arguments = CommandLine.arguments
        return arguments.prefix(1).map { FileSystem.name(of: $0) } + arguments.dropFirst()
    }

    private static func system() -> String {
        let kernel = (try? KernelFile.text("/proc/sys/kernel/osrelease")) ?? "?"
        let release = (try? KernelFile.lines("/etc/os-release")) ?? []
        let name = release.first { $0.hasPrefix("PRETTY_NAME=") }
        let system = name.map { $0.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" } } ?? "Linux"
        return "\(system), kernel \(kernel.filter { !$0.isWhitespace })"
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
