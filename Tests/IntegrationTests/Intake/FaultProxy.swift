import DatacubeStorage
import Synchronization
import TestSupport

/// Stands between a tool and the real gateway, passes requests on, and spoils answers as a test tells it to.
final class FaultProxy: Sendable {
    /// What becomes of an answer with an object's bytes.
    enum Fault: Sendable {
        /// The connection breaks after so many hundredths of the body.
        case cut(Int)
        /// A bit in the middle is another one.
        case flip
        /// Announces a byte more than there is.
        case short
        /// The gateway does not get to see the request.
        case status(Int)
        /// Nobody listens.
        case gone
        /// Bytes come in sixteen pieces, so many seconds apart.
        case slow(Double)
    }

    /// An object's request, and how many came before it, for that object and in all.
    struct Visit: Sendable {
        let path: String
        let number: Int
        let total: Int
    }

    private let server: LoopbackServer

    /// Asks `fault` about each request for an object.
    init(before endpoint: String, _ fault: @escaping @Sendable (Visit) -> Fault?) throws {
        let http = try HTTPClient(limits: ConnectionLimits(total: 64))
        let counts = VisitCounts()
        server = try LoopbackServer { request, _ in
            guard request.method == "GET", request.path.split(separator: "/").count > 1 else {
                return [FaultProxy.pass(request, to: endpoint, http).action]
            }
            let fault = fault(counts.next(request.path))
            if case .status(let status) = fault { return [.answer(status)] }
            if case .gone = fault { return [.reset] }
            return FaultProxy.spoil(FaultProxy.pass(request, to: endpoint, http), fault)
        }
    }

    var url: String { server.url }
    var mostOpen: Int { server.mostOpen }
    /// All requests.
    var requests: [LoopbackServer.Request] { server.requests }
    /// Requests for objects.
    var fetches: [LoopbackServer.Request] {
        server.requests.filter { $0.method == "GET" && $0.path.split(separator: "/").count > 1 }
    }

    private struct Answer {
        var status = 502
        var fields: [String: String] = [:]
        var body: [UInt8] = []

        var action: LoopbackServer.Action { .answer(status, fields, body) }
    }

    private static func pass(_ request: LoopbackServer.Request, to endpoint: String, _ http: HTTPClient) -> Answer {
        guard let method = HTTPRequest.Method(rawValue: request.method) else { return Answer(status: 501) }
        var passed = HTTPRequest(method, endpoint + request.target)
        // The host as the client wrote it is part of the signature.
        for (name, value) in request.fields where name != "content-length" { passed.fields.add(name, value) }
        guard let response = try? http.send(passed) else { return Answer() }
        var answer = Answer(status: response.status, body: response.body)
        for field in response.fields.all where !["transfer-encoding", "connection"].contains(field.name.lowercased()) {
            answer.fields[field.name] = field.value
        }
        if method == .get { answer.fields["Content-Length"] = "\(answer.body.count)" }
        return answer
    }

    private static func spoil(_ honest: Answer, _ fault: Fault?) -> [LoopbackServer.Action] {
        var answer = honest
        switch fault {
        case .cut(let share):
            answer.body = Array(answer.body.prefix(answer.body.count * share / 100))
            return [answer.action, .reset]
        case .flip where !answer.body.isEmpty:
            answer.body[answer.body.count / 2] ^= 1
            return [answer.action]
        case .short:
            answer.body = answer.body.dropLast()
            return [answer.action, .close]
        case .slow(let pause):
            let piece = max(1, answer.body.count / 16)
            let pieces = stride(from: 0, to: answer.body.count, by: piece).flatMap { start in
                [.wait(pause), .send(Array(answer.body[start..<min(start + piece, answer.body.count)]))]
                    as [LoopbackServer.Action]
            }
            answer.body = []
            return [answer.action] + pieces
        default: return [answer.action]
        }
    }
}

private final class VisitCounts: Sendable {
    private let counts = Mutex((paths: [String: Int](), total: 0))

    func next(_ path: String) -> FaultProxy.Visit {
        counts.withLock { counts in
            defer {
                counts.paths[path, default: 0] += 1
                counts.total += 1
            }
            return FaultProxy.Visit(path: path, number: counts.paths[path, default: 0], total: counts.total)
        }
    }
}
