import Glibc

/// Who a process is, beyond its number: numbers are reused, and repeat in other hosts and containers.
struct ProcessIdentity: Sendable, Equatable {
    let host: String
    /// Kernel start and process-number namespace, which together give numbers their meaning.
    let scope: String
    let process: Int
    /// When the process started, in the kernel's ticks since boot.
    let started: String

    static func current() -> ProcessIdentity {
        ProcessIdentity(
            host: hostName(),
            scope: currentScope(),
            process: Int(getpid()),
            started: ThreadState(of: "/proc/self")?.started ?? "?"
        )
    }

    /// Whether the process certainly writes nothing any more.
    ///
    /// False when it ran where this process cannot look.
    var isCertainlyGone: Bool { life == .gone }

    /// Waits until a process that is being killed has come to its end, or for so many seconds.
    ///
    /// A command that follows `kill -9` finds the process still there for as long as the kernel needs, which is until a
    /// write to a slow disk returns.
    func waitWhileEnding(seconds: Double = 10) {
        let start = SystemClock.seconds()
        var looksAlive = 0
        // Between the signal and the end there is a moment at which a thread shows neither.
        while looksAlive < 2, SystemClock.seconds() - start < seconds {
            switch life {
            case .ending: looksAlive = 0
            case .runs: looksAlive += 1
            case .gone, nil: return
            }
            usleep(10_000)
        }
    }

    /// Nil when it ran where this process cannot look.
    private var life: ProcessLife? {
        guard host == Self.hostName(), scope == Self.currentScope() else { return nil }
        return ProcessLife(of: process, started: started)
    }

    /// The same in few characters, for names of files.
    var mark: String { "\(Self.place(host, scope: scope))-\(process)-\(started)" }

    /// Whether the process of that ``mark`` certainly writes nothing any more.
    static func isCertainlyGone(mark: some StringProtocol) -> Bool {
        let parts = mark.split(separator: "-")
        guard parts.count == 3, let process = Int(parts[1]), parts[0] == place(hostName(), scope: currentScope()) else {
            return false
        }
        return ProcessLife(of: process, started: String(parts[2])) == .gone
    }

    private static func place(_ host: String, scope: String) -> String {
        let bytes = Array("\(host)/\(scope)".utf8)
        return String(CRC32.checksum(of: bytes), radix: 16)
    }

    private static func currentScope() -> String {
        let boot = (try? KernelFile.text("/proc/sys/kernel/random/boot_id")) ?? "?"
        var target = [CChar](repeating: 0, count: 64)
        let count = unsafe readlink("/proc/self/ns/pid", &target, target.count - 1)
        let namespace = target[..<max(0, count)].map { UInt8(bitPattern: $0) }
        return boot.filter { !$0.isWhitespace } + "/" + String(decoding: namespace, as: UTF8.self)
    }

    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "?" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
