/// The exit statuses of every tool, as printed in each `--help`.
public enum ExitStatus: Int32, Sendable {
    /// Everything asked for is done.
    case done = 0
    /// Nothing useful came of the run.
    case failed = 1
    /// Finished, and some products failed; each is named in the log.
    case partial = 3
    /// The command line was wrong (`EX_USAGE`).
    case usage = 64
    /// No space, quota used up or source unavailable: the same command may work later (`EX_TEMPFAIL`).
    case tryLater = 75
    /// Ended by SIGINT; what was finished is kept.
    case interrupted = 130
    /// Ended by SIGTERM; what was finished is kept.
    case terminated = 143
}

/// How a job over many products ended.
public struct JobOutcome: Sendable, Equatable {
    /// Products or files worked on and finished in this run.
    public var finished: Int
    /// Products or files that were already complete and were left alone.
    public var skipped: Int
    /// One line for each product that failed.
    public var failures: [String]

    /// Creates the record of a run.
    public init(finished: Int = 0, skipped: Int = 0, failures: [String] = []) {
        self.finished = finished
        self.skipped = skipped
        self.failures = failures
    }

    /// Done without failures; partial when something else succeeded; failed when nothing did.
    public var status: ExitStatus {
        guard !failures.isEmpty else { return .done }
        return finished + skipped > 0 ? .partial : .failed
    }
}
