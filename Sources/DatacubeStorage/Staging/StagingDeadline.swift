import Synchronization

/// Until when files may be copied, and whether some more bytes will make it.
final class StagingDeadline: Sendable {
    private let end: Double
    private let total: Int
    private let start = Clock.seconds()
    private let state = Mutex((begun: 0, files: 0))

    /// - Parameters:
    ///   - end: Seconds since 1970.
    ///   - total: Bytes to copy in all.
    init(_ end: Double, total: Int) {
        self.end = end
        self.total = total
    }

    /// Lets a batch begin if it will be finished in time, as far as the batches before it tell.
    ///
    /// - Throws: `outOfTime` telling how much is left to copy.
    func begin(_ files: Int, bytes: Int) throws {
        let done = state.withLock { $0 }
        let seconds = Clock.seconds() - start
        let expected = done.begun > 0 ? seconds / Double(done.begun) * Double(bytes) : 0
        guard Clock.sinceEpoch() + expected < end else {
            throw PipelineError(
                .outOfTime,
                "stopped \(formatSeconds(max(0, end - Clock.sinceEpoch()))) before the deadline: \(done.files) files, "
                    + "\(formatBytes(done.begun)) are staged, \(formatBytes(total - done.begun)) are left; "
                    + "the same command goes on from here"
            )
        }
        state.withLock { $0 = ($0.begun + bytes, $0.files + files) }
    }
}
