import Logging
import Synchronization
import TestSupport

@testable import DatacubeStorage

/// As much of S3 as a store needs, in memory, on a ``LoopbackServer``; signatures are not checked.
final class SmallS3Server: Sendable {
    /// What the bucket holds, for tests to look at and to put wrong.
    struct State {
        var objects: [String: [UInt8]] = [:]
        /// Seconds since 1970, now where a key has none.
        var modified: [String: Int] = [:]
        /// Objects of which the content arrives with a flipped bit.
        var damaged: Set<String> = []
        /// What listings say of sizes, where it is not true.
        var sizes: [String: String] = [:]
        /// What listings say of all times, where it is not true.
        var time: String?
        /// Requests that are accepted and never answered.
        var isIgnored: @Sendable (LoopbackServer.Request) -> Bool = { _ in false }
    }

    private let server: LoopbackServer
    private let storage: Storage

    private final class Storage: Sendable { let state = Mutex(State()) }

    init() throws {
        let storage = Storage()
        self.storage = storage
        server = try LoopbackServer { request, _ in
            let isIgnored = storage.state.withLock { $0.isIgnored }
            // Longer than any client waits.
            guard !isIgnored(request) else { return [.wait(600), .close] }
            return [storage.state.withLock { SmallS3Server.answer(request, &$0) }]
        }
    }

    var url: String { server.url }
    var requests: [LoopbackServer.Request] { server.requests }
    var objects: [String: [UInt8]] { storage.state.withLock { $0.objects } }

    func change(_ body: (inout State) -> Void) { storage.state.withLock { body(&$0) } }

    private static func answer(_ request: LoopbackServer.Request, _ state: inout State) -> LoopbackServer.Action {
        let key = String(decoded(request.path).dropFirst("/bucket/".count))
        if key.isEmpty, request.target.contains("uploads=") {
            return .answer(200, text: "<ListMultipartUploadsResult/>")
        }
        if key.isEmpty { return list(request.target, state) }
        switch request.method {
        case "PUT":
            state.objects[key] = request.body
            state.modified[key] = Int(SystemClock.sinceEpoch())
            return .answer(200, ["ETag": tag(request.body)])
        case "DELETE":
            state.objects[key] = nil
            return .answer(204)
        default:
            guard let bytes = state.objects[key] else {
                return .answer(404, text: "<Error><Code>NoSuchKey</Code></Error>")
            }
            if request.method == "HEAD" {
                return .answer(200, ["Content-Length": "\(bytes.count)", "ETag": tag(bytes)])
            }
            let sent = state.damaged.contains(key) ? bytes.map { $0 ^ 1 } : bytes
            return part(of: sent, request.fields["range"], tag(bytes))
        }
    }

    private static func part(of bytes: [UInt8], _ range: String?, _ tag: String) -> LoopbackServer.Action {
        guard let range else { return .answer(200, ["ETag": tag], bytes) }
        let ends = range.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false).map {
            Int($0)
        }
        let first = ends[0] ?? max(0, bytes.count - (ends[1] ?? 0))
        guard first < bytes.count else { return .answer(416) }
        let last = min(ends[0] == nil ? Int.max : ends[1] ?? Int.max, bytes.count - 1)
        let fields = ["Content-Range": "bytes \(first)-\(last)/\(bytes.count)", "ETag": tag]
        return .answer(206, fields, Array(bytes[first...last]))
    }

    private static func list(_ target: String, _ state: State) -> LoopbackServer.Action {
        var query: [String: String] = [:]
        for pair in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            query[String(name)] = decoded(String(pair.dropFirst(name.count + 1)))
        }
        let prefix = query["prefix"] ?? ""
        if query["uploads"] != nil { return .answer(200, text: "<ListMultipartUploadsResult/>") }
        var items: [String] = []
        for (key, bytes) in state.objects.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            let rest = key.dropFirst(prefix.count)
            if query["delimiter"] == "/", let slash = rest.firstIndex(of: "/") {
                let item = "<CommonPrefixes><Prefix>\(prefix)\(rest[...slash])</Prefix></CommonPrefixes>"
                if items.last != item { items.append(item) }
            } else {
                let seconds = state.modified[key] ?? Int(SystemClock.sinceEpoch())
                let modified = Timestamp(microseconds: seconds * Timestamp.microsecondsOfSecond).iso(decimals: 3)
                items.append(
                    "<Contents><Key>\(key)</Key><Size>\(state.sizes[key] ?? "\(bytes.count)")</Size><ETag>&quot;\(md5(bytes))&quot;</ETag>"
                        + "<LastModified>\(state.time ?? modified)</LastModified></Contents>"
                )
            }
        }
        let start = query["continuation-token"].flatMap { Int($0) } ?? 0
        let end = min(items.count, start + 2)
        let more =
            end < items.count
            ? "<IsTruncated>true</IsTruncated><NextContinuationToken>\(end)</NextContinuationToken>" : ""
        return .answer(200, text: "<ListBucketResult>\(items[start..<end].joined())\(more)</ListBucketResult>")
    }

    private static func tag(_ bytes: [UInt8]) -> String { "\"\(md5(bytes))\"" }

    private static func md5(_ bytes: [UInt8]) -> String {
        (try? MessageDigest.hexadecimal(of: bytes, .md5)) ?? ""
    }

    private static func decoded(_ text: String) -> String {
        text.split(separator: "%", omittingEmptySubsequences: false).enumerated().map { index, part in
            guard index > 0, let byte = UInt8(part.prefix(2), radix: 16) else { return String(part) }
            return String(decoding: [byte], as: UTF8.self) + part.dropFirst(2)
        }.joined()
    }
}

/// A quiet client for a server on loopback, which does not wait between attempts.
func testClient(
    _ endpoint: String,
    _ credentials: S3Credentials? = S3Credentials(accessKey: "KEY", secretKey: "SECRET"),
    log: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    stall: Int = 30
) throws -> S3Client {
    let profile = try S3Profile(name: "test", endpoint: endpoint, credentials: credentials)
    let http = try HTTPClient(limits: ConnectionLimits(total: 8))
    let timeouts = HTTPTimeouts(connect: 30, stall: stall, total: nil)
    return S3Client(profile, http: http, log: log, retryPolicy: .fast, timeouts: timeouts)
}
