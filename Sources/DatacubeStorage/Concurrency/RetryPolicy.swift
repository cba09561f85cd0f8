import Logging

/// A failure that the same attempt may not meet again.
struct TransientFailure: Error {
    /// What to report when no attempt is left.
    let error: PipelineError
    /// How long the server asked to wait, in seconds.
    var retryAfter: Double?
    /// Fewer attempts than the policy's, for failures that are more likely permanent.
    var attempts: Int?
    /// Whether the attempt brought a download further; then the count of attempts starts again.
    var madeProgress = false
}

/// How often and how long apart failed requests are tried again.
public struct RetryPolicy: Sendable, Equatable {
    /// Attempts in all, the first included.
    public let attempts: Int
    /// Seconds before the second attempt; each further wait is twice as long.
    public let base: Double
    /// The longest wait in seconds, also where a server asks for a longer one.
    public let ceiling: Double

    /// Rides out a server that is gone for a minute: the waits add up to 1 to 2 minutes.
    public static let standard = RetryPolicy(attempts: 10, base: 0.5, ceiling: 30)
    /// For tests: the same attempts without noticeable waits.
    public static let fast = RetryPolicy(attempts: 10, base: 0.001, ceiling: 0.01)
    /// The first failure is the last.
    public static let none = RetryPolicy(attempts: 1, base: 0, ceiling: 0)

    /// Creates a policy.
    public init(attempts: Int, base: Double, ceiling: Double) {
        self.attempts = max(1, attempts)
        self.base = base
        self.ceiling = ceiling
    }

    /// The wait before the attempt after `failures` failed ones: between half and all of the exponential value, so
    /// that tasks which failed together do not return together.
    func delay(afterFailures failures: Int, asked: Double?) -> Double {
        var wait = base
        for _ in 1..<max(1, failures) where wait < ceiling { wait *= 2 }
        return min(ceiling, max(min(wait, ceiling) * .random(in: 0.5...1), asked ?? 0))
    }

    /// Runs `attempt` until it succeeds, fails for good or attempts are used up; every retry is logged.
    ///
    /// - Parameters:
    ///   - what: The request, for the log.
    ///   - log: Where retries are told.
    ///   - pause: Waits so many seconds; it throws when the job is interrupted.
    ///   - attempt: The work; it learns whether it is a retry.
    /// - Returns: What the successful attempt returns.
    /// - Throws: What `attempt` throws, or the error inside the last ``TransientFailure``.
    func run<Result>(
        _ what: @autoclosure () -> String,
        log: Logger,
        pause: (Double) throws -> Void,
        attempt: (_ isRetry: Bool) throws -> Result
    ) throws -> Result {
        var failures = 0
        var isRetry = false
        while true {
            do {
                return try attempt(isRetry)
            } catch let failure as TransientFailure {
                failures = failure.madeProgress ? 1 : failures + 1
                guard failures < min(attempts, failure.attempts ?? attempts) else {
                    throw failure.error.afterAttempts(failures)
                }
                let wait = delay(afterFailures: failures, asked: failure.retryAfter)
                log.warning(
                    "request failed and is tried again",
                    metadata: [
                        "request": "\(what())", "reason": "\(failure.error)", "attempt": "\(failures)",
                        "wait": "\(formatSeconds(wait))",
                    ]
                )
                try pause(wait)
                isRetry = true
            }
        }
    }
}

extension PipelineError {
    fileprivate func afterAttempts(_ count: Int) -> PipelineError {
        count == 1 ? self : PipelineError(code, "\(message), \(count) times", cause: cause)
    }
}
