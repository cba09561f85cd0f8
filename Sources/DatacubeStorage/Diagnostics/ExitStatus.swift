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
    /// Whether the target became full; what is missing can be made when there is space.
    public var ranOutOfSpace = false
    /// Whether the run looked at all there was, so that the failures are what it found and not work left undone.
    public var failuresAreFindings = false

    /// Creates the record of a run.
    public init(finished: Int = 0, skipped: Int = 0, failures: [String] = []) {
        self.finished = finished
        self.skipped = skipped
        self.failures = failures
    }

    /// Notes a failure after which others can go on, unless it is a full disk.
    mutating func add(_ failure: PipelineError) {
        failures.append("\(failure)")
        if failure.code == .noSpace { ranOutOfSpace = true }
    }

    /// Adds what another part of the run did.
    mutating func add(_ part: JobOutcome) {
        finished += part.finished
        skipped += part.skipped
        failures += part.failures
        ranOutOfSpace = ranOutOfSpace || part.ranOutOfSpace
        failuresAreFindings = failuresAreFindings || part.failuresAreFindings
    }

    /// Done without failures; partial when something else succeeded or the failures are findings; failed when nothing did; to be tried later when
    /// space was what lacked.
    public var status: ExitStatus {
        guard !failures.isEmpty else { return .done }
        if ranOutOfSpace { return .tryLater }
        return finished + skipped > 0 || failuresAreFindings ? .partial : .failed
    }
}
