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
            host: hostName(), scope: currentScope(), process: Int(getpid()), started: startTicks(of: Int(getpid())) ?? "?")
    }

    /// Whether the process certainly no longer runs. False when it ran where this process cannot look.
    var isCertainlyGone: Bool {
        guard host == ProcessIdentity.hostName(), scope == ProcessIdentity.currentScope() else { return false }
        return ProcessIdentity.startTicks(of: process) != started
    }

    private static func currentScope() -> String {
        let boot = (try? text("/proc/sys/kernel/random/boot_id")) ?? "?"
        var target = [CChar](repeating: 0, count: 64)
        let count = unsafe readlink("/proc/self/ns/pid", &target, target.count - 1)
        let namespace = target[..<max(0, count)].map { UInt8(bitPattern: $0) }
        return boot.filter { !$0.isWhitespace } + "/" + String(decoding: namespace, as: UTF8.self)
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "?" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // Field 22 of /proc/<pid>/stat, counted behind the command's name, which may hold blanks and brackets.
    private static func startTicks(of process: Int) -> String? {
        guard let text = try? text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    // Files of /proc announce a size of 0, so they are read by one call.
    private static func text(_ path: String) throws -> String {
        let file = try LocalFile(reading: path)
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = try SystemCall.check("read", path) { unsafe pread(file.descriptor, &bytes, bytes.count, 0) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
