import Synchronization

/// What went over the network, for the results of a benchmark and the end of a job.
public struct TransferCounts: Sendable, Equatable {
    /// Requests that were sent, repeated ones included.
    public var requests = 0
    /// How many of them repeated one that had failed.
    public var retries = 0
    /// Bytes of bodies received, those of failed requests included.
    public var bytesReceived = 0
    /// Bytes of bodies sent.
    public var bytesSent = 0

    /// Nothing yet.
    public init() {}

    /// What was added since an earlier state of the same counter.
    public static func - (later: TransferCounts, earlier: TransferCounts) -> TransferCounts {
        var difference = later
        difference.requests -= earlier.requests
        difference.retries -= earlier.retries
        difference.bytesReceived -= earlier.bytesReceived
        difference.bytesSent -= earlier.bytesSent
        return difference
    }
}

/// Counts requests of many threads.
public final class RequestCounter: Sendable {
    private let state = Mutex(TransferCounts())

    /// Starts at zero.
    public init() {}

    /// The sums so far.
    public var counts: TransferCounts { state.withLock { $0 } }

    func addRequest(received: Int, sent: Int) {
        state.withLock {
            $0.requests += 1
            $0.bytesReceived += received
            $0.bytesSent += sent
        }
    }

    func addRetry() { state.withLock { $0.retries += 1 } }
}
