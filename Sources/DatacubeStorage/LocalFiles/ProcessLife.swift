import Glibc

/// How far a process of this host has come towards its end.
enum ProcessLife {
    case runs
    /// It was killed, and a thread of it is still in the kernel, for example in a write to a slow disk.
    case ending
    /// No thread of it can write any more, whether or not its parent has asked how it ended.
    case gone

    /// Looks at the process of that number, which is another one when it was not started at that time.
    init(of process: Int, started: String) {
        if let leader = ThreadState(of: "/proc/\(process)") {
            self = leader.started == started ? Self.judge(process, leader) : .gone
        } else {
            // The processes of other users may be hidden (`hidepid`), which does not hide that they exist.
            self = pid_t(exactly: process).map { kill($0, 0) != 0 && errno == ESRCH } == true ? .gone : .runs
        }
    }

    // The first thread may have ended alone.
    private static func judge(_ process: Int, _ leader: ThreadState) -> ProcessLife {
        if leader.isAlive { return leader.isBeingKilled ? .ending : .runs }
        var dead: Set<String> = []
        // A thread that was not listed yet may have been started by one that has ended since; so the last list has to
        // hold dead ones only.
        while let listed = try? FileSystem.list("/proc/\(process)/task") {
            let rest = listed.filter { !dead.contains($0) }
            if rest.isEmpty { return .gone }
            let alive = rest.compactMap { ThreadState(of: "/proc/\(process)/task/\($0)") }.filter(\.isAlive)
            if !alive.isEmpty { return alive.contains(where: \.isBeingKilled) ? .ending : .runs }
            dead.formUnion(rest)
        }
        return .gone
    }
}

/// What `/proc` tells of a thread, or of the first one of a process.
struct ThreadState {
    /// When it started, in the kernel's ticks since boot.
    let started: String
    /// Whether it can still do anything.
    let isAlive: Bool
    private let folder: String

    // PF_EXITING of the kernel: the thread is past its last call and only gives back what it held.
    private static let exiting = 0x4
    private static let killed = 1 << (UInt64(SIGKILL) - 1) as UInt64

    /// Nil when it is not there, or hidden.
    init?(of folder: String) {
        guard let text = try? KernelFile.text(folder + "/stat"), let end = text.lastIndex(of: ")") else { return nil }
        // Counted behind the command's name, which may hold blanks and brackets: state, flags, start are fields 3, 9, 22.
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let flags = Int(fields[6]) else { return nil }
        isAlive = fields[0] != "Z" && fields[0] != "X" && flags & Self.exiting == 0
        started = String(fields[19])
        self.folder = folder
    }

    /// Whether it was sent SIGKILL, which nothing can avert.
    var isBeingKilled: Bool {
        ["SigPnd", "ShdPnd"].contains { name in
            let pending = KernelFile.value(name, in: folder + "/status").flatMap { UInt64($0, radix: 16) } ?? 0
            return pending & Self.killed != 0
        }
    }
}
