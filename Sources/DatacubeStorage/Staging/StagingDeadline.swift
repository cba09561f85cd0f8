import Synchronization

/// Until when files may be copied, and whether some more bytes will make it.
final class StagingDeadline: Sendable {
    private let end: Double
    private let total: Int
    private let clock: @Sendable () -> Double
    private let start: Double
    private let state = Mutex((begun: 0, files: 0))

    /// - Parameters:
    ///   - end: Seconds since 1970.
    ///   - total: Bytes to copy in all.
    ///   - clock: Seconds since 1970, for tests.
    init(_ end: Double, total: Int, clock: @escaping @Sendable () -> Double = SystemClock.sinceEpoch) {
        self.clock = clock
        start = clock()
        self.end = end
        self.total = total
    }

    /// Lets a batch begin if it will be finished in time, as far as the batches before it tell.
    ///
    /// - Throws: `outOfTime` telling how much is left to copy.
    func begin(_ files: Int, bytes: Int) throws {
        let done = state.withLock { $0 }
        let now = clock()
        let expected = done.begun > 0 ? (now - start) / Double(done.begun) * Double(bytes) : 0
        guard now + expected < end else {
            throw PipelineError(
                .outOfTime,
                "stopped \(formatSeconds(max(0, end - now))) before the deadline: \(done.files) files, "
                    + "\(formatBytes(done.begun)) are staged, \(formatBytes(total - done.begun)) are left; "
                    + "the same command goes on from here"
            )
        }
        state.withLock { $0 = ($0.begun + bytes, $0.files + files) }
    }
}
