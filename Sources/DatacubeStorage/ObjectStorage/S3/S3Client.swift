public import Logging
import Synchronization

/// Sends calls to one S3 server: signed, retried where that can help, counted.
///
/// Calls block; run them on a ``BlockingExecutor`` as wide as the requests that shall be in flight. Every retry is
/// logged with its reason. A refusal of the credentials themselves ends this client's work at once: requests that
/// have not been sent yet fail with the same error.
public final class S3Client: Sendable {
    private struct State {
        /// Microseconds that the server's clock is ahead.
        var clockOffset = 0
        var hasSucceeded = false
        var wasForbidden = false
        var refusal: PipelineError?
    }

    /// The server and who asks.
    public let profile: S3Profile
    /// What this client sent and received.
    public let counter = RequestCounter()
    let http: HTTPClient
    let log: Logger
    private let retryPolicy: RetryPolicy
    private let timeouts: HTTPTimeouts
    private let signsPayloads: Bool
    private let pace: RequestPace?
    private let state = Mutex(State())

    /// Creates a client; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - profile: The server and who asks.
    ///   - http: Whose connections are used; several clients may share one.
    ///   - log: Where retries are told.
    ///   - retryPolicy: How often and how long apart.
    ///   - timeouts: For each request.
    ///   - signsPayloads: Whether the server checks bodies sent against a SHA-256 in the signature.
    ///   - requestsPerMinute: The most that this client may send; nil means any number.
    public init(
        _ profile: S3Profile,
        http: HTTPClient,
        log: Logger,
        retryPolicy: RetryPolicy = .standard,
        timeouts: HTTPTimeouts = .standard,
        signsPayloads: Bool = true,
        requestsPerMinute: Int? = nil
    ) {
        self.profile = profile
        self.http = http
        self.log = log
        self.retryPolicy = retryPolicy
        self.timeouts = timeouts
        self.signsPayloads = signsPayloads
        pace = requestsPerMinute.map { RequestPace(perMinute: $0) }
    }

    /// A bucket of the server.
    public func bucket(_ name: String) -> S3Bucket { S3Bucket(name, of: self) }

    /// Whether the server has refused these credentials, or has forbidden what was asked and never let anything through.
    var isRefused: Bool { state.withLock { $0.refusal != nil || $0.wasForbidden && !$0.hasSucceeded } }

    /// Ends all calls, those to come too, with `CancellationError`: how a job that blocks is interrupted.
    func close() { http.close() }

    /// How many requests are in flight where each moves much: copies of whole objects.
    public var connections: Int { http.limits.leastPerHost }
    /// How many may be in flight where the server is far away.
    var mostConnections: Int { http.limits.perHost }

    /// Sends a call until it succeeds or cannot.
    ///
    /// - Throws: ``PipelineError``, or `CancellationError` when the HTTP client was closed.
    func send(_ request: S3Request) throws -> HTTPResponse {
        try retrying(request) { try attempt(request) }
    }

    /// Runs a piece of work that sends one call an attempt.
    func retrying<Result>(_ request: S3Request, body: () throws -> Result) throws -> Result {
        try retryPolicy.run("\(request)", log: log, pause: http.pause) { isRetry in
            if isRetry { counter.addRetry() }
            return try body()
        }
    }

    /// Sends a call once; a failure that may pass is thrown as ``TransientFailure``.
    func attempt(_ request: S3Request) throws -> HTTPResponse {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        var response = try explained(exchange(request), of: request)
        if !response.isSuccess, S3Failure(response).isClockSkew, adoptClock(of: response) {
            response = try explained(exchange(request), of: request)
        }
        guard !response.isSuccess else {
            state.withLock { $0.hasSucceeded = true }
            return response
        }
        let failure = S3Failure(response)
        if request.outcomes.contains(failure.status), !failure.isBucketMissing { return response }
        throw report(failure, request: request)
    }

    private func report(_ failure: S3Failure, request: S3Request) -> any Error {
        // Before any success a refusal is most likely for good.
        let forbiddenAttempts = state.withLock { state in
            if failure.status == 403 { state.wasForbidden = true }
            return state.hasSucceeded ? 5 : 3
        }
        let error = failure.error(request, profile: profile, forbiddenAttempts: forbiddenAttempts)
        if failure.refusesCredentials, let refusal = error as? PipelineError {
            state.withLock { $0.refusal = $0.refusal ?? refusal }
        }
        return error
    }

    private func exchange(_ request: S3Request) throws -> HTTPResponse {
        if let wait = pace?.takeTurn(), wait > 0 { try http.pause(seconds: wait) }
        let offset = state.withLock { $0.clockOffset }
        var signed = try request.signed(for: profile, at: .now() + offset, signsPayload: signsPayloads)
        signed.timeouts = timeouts
        signed.counter = counter
        do {
            return try http.send(signed)
        } catch let handshake as BrokenHandshake {
            throw TransientFailure(error: handshake.error, attempts: BrokenHandshake.attempts)
        } catch let error as PipelineError where error.code == .unavailable {
            throw TransientFailure(error: error)
        }
    }

    /// Learns why a HEAD is forbidden: its answer has no body, that of a GET for one byte has.
    private func explained(_ response: HTTPResponse, of request: S3Request) throws -> HTTPResponse {
        guard request.method == .head, response.status == 403 else { return response }
        var probe = request
        probe.method = .get
        if !request.key.isEmpty { probe.range = .bytes(0..<1) }
        let answer = try exchange(probe)
        return answer.status == 403 ? answer : response
    }

    /// Takes over the server's time; false when that would not change anything.
    private func adoptClock(of response: HTTPResponse) -> Bool {
        guard let date = response.fields["Date"].flatMap({ Timestamp(httpDate: $0) }) else { return false }
        let offset = date.microseconds - Timestamp.now().microseconds
        return state.withLock { state in
            guard abs(offset - state.clockOffset) > 60 * Timestamp.microsecondsOfSecond else { return false }
            state.clockOffset = offset
            log.warning(
                "this machine's clock differs from the server's; requests are signed with the server's time",
                metadata: ["server": "\(profile.endpoint)", "seconds": "\(offset / Timestamp.microsecondsOfSecond)"]
            )
            return true
        }
    }
}
