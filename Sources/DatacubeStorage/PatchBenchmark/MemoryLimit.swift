/// Memory that the process may use, in bytes.
enum MemoryLimit {
    /// Main memory of the machine.
    static func machine() -> Int {
        let text = KernelFile.value("MemTotal", in: "/proc/meminfo") ?? ""
        return (Int(text.prefix { $0.isNumber }) ?? 0) << 10
    }

    /// The lowest limit of the control groups that hold this process, as Slurm and containers set it; nil where none is
    /// below the machine's memory.
    static func controlGroup() -> Int? {
        let lines = (try? KernelFile.lines("/proc/self/cgroup")) ?? []
        let limits = lines.flatMap(files).compactMap { try? KernelFile.text($0).trimmed() }.compactMap { Int($0) }
        return limits.min().flatMap { $0 < machine() ? $0 : nil }
    }

    /// Files with a limit for a line `0::/path` (version 2) or `4:memory:/path` (version 1), cgroups(7).
    static func files(_ line: Substring) -> [String] {
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard fields.count == 3 else { return [] }
        let isFirst = fields[1].split(separator: ",").contains("memory")
        guard isFirst || fields[1].isEmpty else { return [] }
        let root = isFirst ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
        let name = isFirst ? "memory.limit_in_bytes" : "memory.max"
        // A group has the limits of all that it lies in.
        let parts = FileSystem.components(of: String(fields[2]))
        return (0...parts.count).map { count in
            ([root] + parts.prefix(count).map(String.init) + [name]).joined(separator: "/")
        }
    }
}
