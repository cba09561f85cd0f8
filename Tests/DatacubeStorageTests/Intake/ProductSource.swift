import DatacubeStorage
import Foundation
import Synchronization
import TestSupport

/// A catalogue and the S3 server behind it, on one loopback port, which lie and fail as a test tells them to.
final class ProductSource: Sendable {
    /// A request for an object, and what an honest server would answer.
    struct Exchange: Sendable {
        let key: String
        /// How many requests for that object came before.
        let number: Int
        let fields: [String: String]
        let body: [UInt8]

        /// The honest head with another body.
        func answer(_ body: [UInt8]) -> LoopbackServer.Action { .answer(206, fields, body) }
    }

    typealias Fault = @Sendable (Exchange) -> [LoopbackServer.Action]?

    fileprivate struct State {
        var objects: [String: [UInt8]] = [:]
        var tags: [String: String] = [:]
        var counts: [String: Int] = [:]
    }

    private let state: Shared<State>
    private let server: LoopbackServer

    /// Serves the products below a folder; `fault` may answer requests for objects instead, `catalogueFault` searches,
    /// by their number and body.
    init(
        _ root: String,
        catalogueFault: @escaping @Sendable (Int, String) -> [LoopbackServer.Action]? = { _, _ in nil },
        fault: @escaping Fault = { _ in nil }
    ) throws {
        let state = Shared(State())
        let searches = Atomic(0)
        server = try LoopbackServer { request, _ in
            if request.path == "/v1/search" {
                let number = searches.add(1, ordering: .relaxed).oldValue
                return catalogueFault(number, String(decoding: request.body, as: UTF8.self)) ?? [
                    state.with { Catalogue.answer(request, Array($0.objects.keys)) }
                ]
            }
            if request.path.hasPrefix("/v1") { return [.answer(200, text: "{\"links\": []}")] }
            return ProductSource.answer(request, state, fault)
        }
        self.state = state
        for path in try FileTree(root).files where !path.hasSuffix(".tileparts.json") {
            put(String(path.dropFirst()), try FileSystem.contents(of: root + path))
        }
    }

    var url: String { server.url }
    var mostOpen: Int { server.mostOpen }
    /// Requests for objects, by key, without those for listings and to the catalogue.
    var fetches: [LoopbackServer.Request] {
        server.requests.filter { $0.method == "GET" && $0.path.hasPrefix("/eodata/") }
    }
    var searches: [LoopbackServer.Request] { server.requests.filter { $0.path == "/v1/search" } }
    var requestCount: Int { server.requests.count }

    /// Adds or replaces an object; a `tag` other than the MD5 is one of an upload in parts.
    func put(_ key: String, _ bytes: [UInt8], tag: String? = nil) {
        let tag = tag ?? (try? MessageDigest.hexadecimal(of: bytes, .md5)) ?? ""
        state.with {
            $0.objects[key] = bytes
            $0.tags[key] = "\"\(tag)\""
        }
    }

    func remove(_ key: String) { state.with { $0.objects[key] = nil } }

    /// The object whose key ends so.
    func object(_ ending: String) throws -> (key: String, bytes: [UInt8]) {
        let found = state.with { $0.objects.filter { $0.key.hasSuffix(ending) }.min { $0.key < $1.key } }
        guard let found else { throw PipelineError(.notFound, "no object ends in \(ending)") }
        return (found.key, found.value)
    }

    private static func answer(_ request: LoopbackServer.Request, _ state: Shared<State>, _ fault: Fault)
        -> [LoopbackServer.Action]
    {
        let key = request.path.dropFirst("/eodata".count).drop { $0 == "/" }.removingPercentEncoding ?? ""
        if key.isEmpty { return [state.with { list(request.target, $0) }] }
        let found = state.with { state in
            state.objects[key].map { (bytes: $0, tag: state.tags[key] ?? "", number: state.count(key)) }
        }
        guard let found else { return [.answer(404, text: "<Error><Code>NoSuchKey</Code></Error>")] }
        if request.method == "HEAD" {
            return [.answer(200, ["Content-Length": "\(found.bytes.count)", "ETag": found.tag])]
        }
        let offset = request.fields["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
        let body = Array(found.bytes[min(offset, found.bytes.count)...])
        let fields = [
            "Content-Range": "bytes \(offset)-\(found.bytes.count - 1)/\(found.bytes.count)", "ETag": found.tag,
            "Content-Length": "\(body.count)",
        ]
        let exchange = Exchange(key: key, number: found.number, fields: fields, body: body)
        if let faulty = fault(exchange) { return faulty }
        guard request.fields["if-match"] ?? found.tag == found.tag else { return [.answer(412)] }
        return [exchange.answer(body)]
    }

    private static func list(_ target: String, _ state: State) -> LoopbackServer.Action {
        let query = target.drop { $0 != "?" }.dropFirst().split(separator: "&")
        let prefix = query.first { $0.hasPrefix("prefix=") }?.dropFirst("prefix=".count).removingPercentEncoding ?? ""
        let items = state.objects.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map { key, bytes in
            "<Contents><Key>\(key)</Key><Size>\(bytes.count)</Size><ETag>\(state.tags[key] ?? "")</ETag></Contents>"
        }
        return .answer(200, text: "<ListBucketResult>\(items.joined())</ListBucketResult>")
    }
}

extension ProductSource.State {
    fileprivate mutating func count(_ key: String) -> Int {
        defer { counts[key, default: 0] += 1 }
        return counts[key, default: 0]
    }
}

/// State that closures share with the object that they were made by.
final class Shared<Value>: Sendable {
    private let value: Mutex<Value>

    init(_ value: sending Value) { self.value = Mutex(value) }

    func with<Result>(_ body: (inout sending Value) -> sending Result) -> Result { value.withLock(body) }
}

/// Items of the products among some keys, filtered as the catalogue would do it.
private enum Catalogue {
    static func answer(_ request: LoopbackServer.Request, _ keys: [String]) -> LoopbackServer.Action {
        let body = try? JSONValue(parsing: request.body, named: "search")
        let conditions = body?["filter"]?["args"]?.arrayValue ?? []
        let tile = conditions.first?["args"]?[1]?.stringValue?.dropFirst("MGRS-".count) ?? ""
        let bounds = conditions.dropFirst().compactMap { $0["args"]?[1]?["timestamp"]?.stringValue }
        let folders = Set(keys.compactMap { key in key.firstRange(of: ".SAFE/").map { key[..<$0.upperBound] } })
        let items = folders.sorted().compactMap { folder -> String? in
            guard let name = try? ProductName(String(folder.split(separator: "/").last ?? "")), name.tile == tile,
                let time = time(name.datatakeStart), bounds[0] <= time, time < bounds[1]
            else { return nil }
            return """
                {"id": "\(name.identifier)", "properties": {"datetime": "\(time)"}, "assets": {},
                 "links": [{"rel": "enclosure", "href": "s3://eodata/\(folder)"}]}
                """
        }
        return .answer(200, text: "{\"features\": [\(items.joined(separator: ","))], \"links\": []}")
    }

    private static func time(_ compact: String) -> String? {
        let digits = Array(compact)
        guard digits.count == 15 else { return nil }
        let date = [digits[..<4], digits[4..<6], digits[6..<8]].map { String($0) }.joined(separator: "-")
        let clock = [digits[9..<11], digits[11..<13], digits[13...]].map { String($0) }.joined(separator: ":")
        return "\(date)T\(clock).000Z"
    }
}
