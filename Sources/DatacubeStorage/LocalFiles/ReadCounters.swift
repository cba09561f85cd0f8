/// What this process has read so far, by the kernel's own count; pages read through `mmap` show in `diskBytes` only.
struct ReadCounters: Sendable {
    /// Bytes that `read` calls returned.
    var bytes = 0
    /// Number of `read` calls.
    var calls = 0
    /// Bytes that came from a disk and not from the page cache; network file systems need not count them.
    var diskBytes = 0

    /// The counters now, or nil where `/proc` does not show them.
    static func current() -> ReadCounters? {
        func number(_ name: String) -> Int? { KernelFile.value(name, in: "/proc/self/io").flatMap { Int($0) } }
        guard let bytes = number("rchar"), let calls = number("syscr"), let disk = number("read_bytes") else {
            return nil
        }
        return ReadCounters(bytes: bytes, calls: calls, diskBytes: disk)
    }

    static func - (after: ReadCounters, before: ReadCounters) -> ReadCounters {
        ReadCounters(
            bytes: after.bytes - before.bytes,
            calls: after.calls - before.calls,
            diskBytes: after.diskBytes - before.diskBytes
        )
    }
}
