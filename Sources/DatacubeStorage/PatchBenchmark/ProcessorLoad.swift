import Glibc

/// How busy the machine is with other work.
enum ProcessorLoad {
    // Long against a tick of the kernel, which is 10 ms, and short against a run.
    private static let watched: UInt32 = 200_000

    /// Mean number of processes that ran or wanted to, over the last minute.
    static func average() -> Double? {
        (try? KernelFile.text("/proc/loadavg")).flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }
    }

    /// Share of the processors of this process that others keep busy, watched for a fifth of a second.
    static func busyWithOthers() -> Double? {
        guard let before = ProcessorTime.current() else { return nil }
        let costs = ProcessCosts.current()
        usleep(watched)
        let own = ProcessCosts.current() - costs
        return ProcessorTime.current()?.shareOfOthers(since: before, own: own.user + own.system)
    }
}
