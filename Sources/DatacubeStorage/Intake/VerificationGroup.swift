import Synchronization

/// Files that have come, of any product, which wait for others to be verified together with them.
final class VerificationGroup: Sendable {
    // A hash of so many files costs hardly more than that of one, see ``SharedDigest``.
    private static let filesWorthHashing = 8
    private let waiting = Mutex<[Latch]>([])

    /// Adds a file.
    ///
    /// - Returns: What opens when the file need not wait any longer.
    func join() -> Latch {
        let latch = Latch()
        let count = waiting.withLock { waiting in
            waiting.append(latch)
            return waiting.count
        }
        if count >= Self.filesWorthHashing { endWaiting() }
        return latch
    }

    /// Lets all files go that wait, because no other one of their product is to come, for instance.
    func endWaiting() {
        let ended = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for latch in ended { latch.open() }
    }
}
