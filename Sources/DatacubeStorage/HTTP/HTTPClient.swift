import Synchronization

/// Sends requests over reused connections, never more at once than its limits; further ones wait in order.
///
/// TLS certificates are always verified. Proxies are libcurl's: `http_proxy`, `https_proxy`, `no_proxy`. A request
/// that fails below HTTP (no connection, reset, stall, short answer) throws `unavailable`; nothing is retried here.
public final class HTTPClient: Sendable {
    private static let redirectLimit = 5
    /// How many connections it opens.
    public let limits: ConnectionLimits
    private let loop: CurlEventLoop
    private let trust: TrustSettings
    private let proxies: [String]
    private let isClosed = Monitor(false)

    /// Starts the client's thread.
    ///
    /// - Parameters:
    ///   - limits: Connections at a time.
    ///   - environment: Where `CURL_CA_BUNDLE`, `AWS_CA_BUNDLE`, `SSL_CERT_FILE` and `SSL_CERT_DIR` are looked up.
    /// - Throws: `system` when there is no memory or no thread for it.
    public init(limits: ConnectionLimits, environment: [String: String] = [:]) throws {
        self.limits = limits
        trust = TrustSettings(environment: environment)
        let variables = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        proxies = variables.compactMap { environment[$0] }.filter { !$0.isEmpty }.map(Self.proxyHost)
        loop = try CurlEventLoop(limits: limits)
    }

    deinit { loop.close() }

    /// Seconds from a request to the beginning of its answer where nothing else is in the way; nil where none has come yet.
    var delay: Double? { loop.delay }

    /// Sends a request and blocks the thread until the answer is there; for threads of a ``BlockingExecutor``.
    ///
    /// The answer can go straight into the caller's memory, and a thread that only waits costs no processor time, so
    /// many requests in flight need no more than as many threads. ``close()`` ends the wait.
    public func send(_ request: HTTPRequest) throws -> HTTPResponse {
        var request = request
        for _ in 0...HTTPClient.redirectLimit {
            let response: HTTPResponse
            do {
                response = try transfer(request)
            } catch let unknown as UnknownHost {
                throw unknown.settled()
            }
            guard let next = try request.redirected(by: response) else { return response }
            request = next
        }
        throw Self.tooManyRedirects(request)
    }

    /// Waits, unless the client is closed meanwhile.
    ///
    /// - Throws: `CancellationError` when it is.
    public func pause(seconds: Double) throws {
        if isClosed.wait(seconds: seconds, for: { $0 ? true : nil }) != nil { throw CancellationError() }
    }

    /// Ends all requests, those to come too, with `CancellationError`: how a job that blocks is interrupted.
    public func close() {
        isClosed.change { $0 = true }
        loop.close()
    }

    private func transfer(_ request: HTTPRequest) throws -> HTTPResponse {
        if case .sink(let take) = request.destination { return try unsafe transfer(request, to: take) }
        let answer = Monitor<Result<HTTPResponse, any Error>?>(nil)
        loop.submit(
            try CurlTransfer(request, trust: trust, proxies: proxies) { result in answer.change { $0 = result } }
        )
        return try answer.wait { $0 }.get()
    }

    private func transfer(
        _ request: HTTPRequest,
        to take: @Sendable (UnsafeRawBufferPointer) throws -> Void
    ) throws -> HTTPResponse {
        let relay = BodyRelay()
        var request = request
        request.destination = unsafe .sink { try unsafe relay.add($0) }
        loop.submit(try CurlTransfer(request, trust: trust, proxies: proxies) { relay.end($0) })
        return try unsafe relay.pass(to: take)
    }

    // `http://user:password@host:port`, all but the host optional.
    private static func proxyHost(_ setting: String) -> String {
        let rest = setting.firstRange(of: "://").map { setting[$0.upperBound...] } ?? setting[...]
        let authority = rest.prefix { $0 != "/" }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return String(place.prefix { $0 != ":" })
    }

    private static func tooManyRedirects(_ request: HTTPRequest) -> PipelineError {
        PipelineError(
            .unsupported,
            "\(request.url): more than \(redirectLimit) redirects; the server's links go in a circle"
        )
    }
}
