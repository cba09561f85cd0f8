import Synchronization

/// Files that have come, of any product, which wait for others to be verified together with them.
final class VerificationGroup: Sendable {
    // A hash of so many files costs hardly more than that of one, see ``SharedDigest``.
    private static let filesWorthHashing = 8
    private let waiting = Mutex<[AsyncStream<Never>.Continuation]>([])

    /// Adds a file.
    ///
    /// - Returns: What ends when the file need not wait any longer.
    func join() -> AsyncStream<Never> {
        let (end, continuation) = AsyncStream.makeStream(of: Never.self)
        let count = waiting.withLock { waiting in
            waiting.append(continuation)
            return waiting.count
        }
        if count >= VerificationGroup.filesWorthHashing { endWaiting() }
        return end
    }

    /// Lets all files go that wait, because no other one of their product is to come, for instance.
    func endWaiting() {
        let ended = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for continuation in ended { continuation.finish() }
    }
}
