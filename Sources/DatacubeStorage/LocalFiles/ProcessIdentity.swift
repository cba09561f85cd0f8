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
            started: startTicks(of: Int(getpid())) ?? "?"
        )
    }

    /// Whether the process certainly no longer runs.
    ///
    /// False when it ran where this process cannot look.
    var isCertainlyGone: Bool {
        guard host == Self.hostName(), scope == Self.currentScope() else { return false }
        return Self.startTicks(of: process) != started
    }

    /// The same in few characters, for names of files.
    var mark: String { "\(Self.place(host, scope: scope))-\(process)-\(started)" }

    /// Whether the process of that ``mark`` certainly no longer runs.
    static func isCertainlyGone(mark: some StringProtocol) -> Bool {
        let parts = mark.split(separator: "-")
        guard parts.count == 3, let process = Int(parts[1]), parts[0] == place(hostName(), scope: currentScope()) else {
            return false
        }
        return startTicks(of: process) != String(parts[2])
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

    // Field 22 of /proc/<pid>/stat, counted behind the command's name, which may hold blanks and brackets.
    private static func startTicks(of process: Int) -> String? {
        guard let text = try? KernelFile.text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
