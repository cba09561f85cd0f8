public import Logging
import Synchronization

/// What a catalogue has of a tile in an interval.
public struct STACAnswer: Sendable, Equatable {
    /// One product of each acquisition, earliest first.
    public let items: [STACItem]
    /// Older versions of these, by the rule of ``ProductDuplicates``.
    public let superseded: [STACItem]
    /// One line for each item that cannot be fetched.
    public let refusals: [String]
}

/// Searches a STAC API for Level-1C products.
///
/// Calls block. Whether the catalogue is CDSE's present one or its legacy one is read from its landing page.
public final class STACClient: Sendable {
    // 200 items of v1 have 6 MB; a parsed answer takes some tens of times its bytes.
    private static let answerLimit = 32 << 20
    // With all re-processings, a tile near the pole seen by three satellites; servers may give pages of ten.
    private static let productsADay = 100
    private static let smallestPage = 10
    private let url: String
    private let http: HTTPClient
    private let log: Logger
    private let retryPolicy: RetryPolicy
    private let timeouts: HTTPTimeouts
    private let dialect = Mutex<STACDialect?>(nil)

    /// Creates a client; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - url: The catalogue's landing page.
    ///   - http: Whose connections are used.
    ///   - log: Where retries are told.
    ///   - retryPolicy: How often and how long apart.
    ///   - timeouts: For each request.
    public init(
        url: String,
        http: HTTPClient,
        log: Logger,
        retryPolicy: RetryPolicy = .standard,
        timeouts: HTTPTimeouts = .standard
    ) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.http = http
        self.log = log
        self.retryPolicy = retryPolicy
        self.timeouts = timeouts
    }

    /// All products of a tile that begin in an interval whose end is not part of it.
    ///
    /// The order is stable, whatever order and however many times the catalogue gives items in. What the catalogue
    /// gives beyond what was asked for is left out.
    ///
    /// - Throws: `unavailable` when the catalogue fails for as long as the retry policy waits.
    public func search(tile: String, from start: Timestamp, until end: Timestamp) throws -> STACAnswer {
        let dialect = try currentDialect()
        let body = dialect.search(tile: tile, from: start, until: end)
        let days = max(1, (end.milliseconds - start.milliseconds + 86_399_999) / 86_400_000)
        let limit = Int(days) * Self.productsADay / Self.smallestPage
        let features: [JSONValue]
        do {
            features = try pages(body, dialect: dialect, limit: limit)
        } catch let error as PipelineError where error.code == .unavailable {
            // A token is worthless when the item that it names was deleted meanwhile; the first page needs none.
            log.warning("search is started again", metadata: ["catalogue": "\(url)", "reason": "\(error)"])
            features = try pages(body, dialect: dialect, limit: limit)
        }
        let asked = features.filter { !Self.isOfAnotherTile($0, than: tile) }
        return Self.answer(asked) { $0.name.tile == tile && $0.time >= start && $0.time < end }
    }

    /// Ends all searches, those to come too, with `CancellationError`: how a job that blocks is interrupted.
    func close() { http.close() }

    private func currentDialect() throws -> STACDialect {
        if let known = dialect.withLock({ $0 }) { return known }
        let found = STACDialect(landingPage: try send(HTTPRequest(.get, url)))
        dialect.withLock { $0 = found }
        return found
    }

    private func pages(_ first: JSONValue, dialect: STACDialect, limit: Int) throws -> [JSONValue] {
        var features: [JSONValue] = []
        var asked: Set<String> = []
        var body: JSONValue? = first
        while let current = body {
            guard asked.insert(current.serialized()).inserted else {
                throw PipelineError(.corrupt, "\(url): the catalogue's links to further pages go in a circle")
            }
            guard asked.count <= limit else {
                let reason = "\(limit) pages, more than products of one tile and time can fill, and links to another"
                throw PipelineError(.corrupt, "\(url): the catalogue gave \(reason); ask its operator")
            }
            var request = HTTPRequest(.post, "\(url)/search")
            request.fields = ["Content-Type": "application/json", "Accept": "application/geo+json"]
            request.body = .bytes(Array(current.serialized().utf8))
            let answer = try send(request)
            guard let page = answer["features"]?.arrayValue else {
                throw PipelineError(.corrupt, "\(url): the catalogue answers a search without features")
            }
            features += page
            body = try dialect.next(after: answer, to: current)
        }
        return features
    }

    /// Whether an item's name says that it was not asked for, of whatever level it is: `…_T35VMH_…`.
    private static func isOfAnotherTile(_ item: JSONValue, than tile: String) -> Bool {
        let parts = (item["id"]?.stringValue ?? "").split(separator: "_")
        let tiles = parts.filter { $0.hasPrefix("T") && MGRSTile.isName(String($0.dropFirst())) }
        return !tiles.isEmpty && !tiles.contains("T\(tile)")
    }

    private static func answer(_ features: [JSONValue], where wanted: (STACItem) -> Bool) -> STACAnswer {
        var found: [String: STACItem] = [:]
        var refusals: [String] = []
        for feature in features {
            do {
                let item = try STACItem(feature)
                if wanted(item) { found[item.name.identifier] = item }
            } catch {
                refusals.append("\(error)")
            }
        }
        let items = found.values.sorted { ($0.time, $0.name.identifier) < ($1.time, $1.name.identifier) }
        let (kept, superseded) = ProductDuplicates.resolve(items, name: \.name, datastrip: \.datastrip)
        return STACAnswer(items: kept, superseded: superseded, refusals: Set(refusals).sorted())
    }
}

extension STACClient {
    private func send(_ request: HTTPRequest) throws -> JSONValue {
        var request = request
        request.acceptsCompression = true
        request.followsRedirects = true
        request.timeouts = timeouts
        request.destination = .memory(limit: Self.answerLimit)
        let what = "\(request.method.rawValue) \(request.url)"
        return try retryPolicy.run(what, log: log, pause: http.pause) { _ in try attempt(request, what: what) }
    }

    private func attempt(_ request: HTTPRequest, what: String) throws -> JSONValue {
        let response: HTTPResponse
        do {
            response = try http.send(request)
        } catch let handshake as BrokenHandshake {
            throw TransientFailure(error: handshake.error, attempts: BrokenHandshake.attempts)
        } catch let error as PipelineError where error.code == .unavailable {
            // After an error the server closes connections without saying so; the next one is new.
            throw TransientFailure(error: error)
        }
        guard response.isSuccess else { throw Self.failure(response, what: what) }
        do {
            return try JSONValue(parsing: response.body, named: what)
        } catch let error as PipelineError {
            throw TransientFailure(error: error, attempts: 3)
        }
    }

    private static func failure(_ response: HTTPResponse, what: String) -> any Error {
        // Cut after what is secret was left out.
        let words = PrintableText.line(String(decoding: response.body, as: UTF8.self), limit: 200)
        let cause = "HTTP \(response.status) \(words)"
        switch response.status {
        case 429, 502, 503, 504:
            let error = PipelineError(.unavailable, "\(what): the catalogue cannot answer now", cause: cause)
            return TransientFailure(error: error, retryAfter: response.retryAfter)
        case 500...:
            // pgstac answers so to filters that it does not understand as well.
            return TransientFailure(
                error: PipelineError(.unavailable, "\(what): the catalogue failed", cause: cause),
                attempts: 5
            )
        case 404:
            return PipelineError(.notFound, "\(what): there is no catalogue; check DSLAB_STAC_URL", cause: cause)
        default:
            return PipelineError(.unsupported, "\(what): the catalogue refuses the request", cause: cause)
        }
    }
}
