import Glibc

/// What this process has taken of the machine so far, besides time.
struct ProcessCosts: Sendable {
    /// Seconds of processors in the program itself.
    var user = 0.0
    /// Seconds of processors in the kernel on its behalf.
    var system = 0.0

    /// The costs now.
    ///
    /// The C function is `getrusage`.
    static func current() -> ProcessCosts {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return ProcessCosts(user: seconds(usage.ru_utime), system: seconds(usage.ru_stime))
    }

    static func - (after: ProcessCosts, before: ProcessCosts) -> ProcessCosts {
        ProcessCosts(user: after.user - before.user, system: after.system - before.system)
    }

    /// Bytes that came from a disk and not from the page cache; nil where the kernel does not tell, and network file systems need
    /// not count them (proc(5), `/proc/[pid]/io`).
    static var diskBytes: Int? { KernelFile.value("read_bytes", in: "/proc/self/io").flatMap { Int($0) } }

    /// Most memory that the process held since ``forgetPeak()``, bytes; nil where the kernel does not tell.
    static var peakMemory: Int? {
        let text = KernelFile.value("VmHWM", in: "/proc/self/status") ?? ""
        return Int(text.prefix { $0.isNumber }).map { $0 << 10 }
    }

    /// Starts the count of ``peakMemory`` anew (proc(5), `clear_refs`).
    static func forgetPeak() {
        let descriptor = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { _ = close(descriptor) }
        _ = unsafe write(descriptor, "5", 1)
    }
}

/// How long the processors that this process may use were busy, all programs together (proc(5), `/proc/stat`).
struct ProcessorTime: Sendable {
    private let busy: Double
    private let all: Double

    /// The counts now; nil where `/proc` does not show them.
    static func current() -> ProcessorTime? {
        guard let lines = try? KernelFile.lines("/proc/stat") else { return nil }
        let wanted = allowed()
        var (busy, all) = (0.0, 0.0)
        for line in lines where line.hasPrefix("cpu") {
            let fields = line.split(separator: " ")
            guard let number = Int(fields[0].dropFirst(3)), wanted?.contains(number) ?? true else { continue }
            // user nice system idle iowait irq softirq steal; guests' time is in that of users.
            let ticks = fields.dropFirst().prefix(8).map { Double($0) ?? 0 }
            guard ticks.count == 8 else { continue }
            all += ticks.reduce(0, +)
            busy += ticks.reduce(0, +) - ticks[3] - ticks[4]
        }
        return all > 0 ? ProcessorTime(busy: busy, all: all) : nil
    }

    /// Share of the processors' time, from 0 to 1, that others than this process took since an earlier moment.
    ///
    /// - Parameters:
    ///   - earlier: The counts then.
    ///   - own: Seconds of processors that this process took in between.
    /// - Returns: the share, or nil where no time passed.
    func shareOfOthers(since earlier: ProcessorTime, own: Double) -> Double? {
        guard all > earlier.all else { return nil }
        let ticks = own * Double(sysconf(Int32(_SC_CLK_TCK)))
        return max(0, (busy - earlier.busy - ticks) / (all - earlier.all))
    }

    // proc(5): ranges such as 0-3,8.
    private static func allowed() -> Set<Int>? {
        guard let list = KernelFile.value("Cpus_allowed_list", in: "/proc/self/status") else { return nil }
        let numbers = list.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 1 << 16 else { return [] }
            return Array(first...last)
        }
        return Set(numbers)
    }
}
