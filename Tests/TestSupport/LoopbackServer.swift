import Foundation
import Glibc
import Synchronization

/// A small HTTP server on 127.0.0.1 that answers as a test tells it to, faults included.
package final class LoopbackServer: Sendable {
    /// A request as it arrived.
    package struct Request: Sendable {
        package var method = ""
        package var target = ""
        package var fields: [String: String] = [:]
        package var body: [UInt8] = []

        package var path: String { String(target.prefix { $0 != "?" }) }
    }

    /// What to do on the connection, in order; afterwards it stays open for the next request.
    package enum Action: Sendable {
        case send([UInt8])
        case wait(Double)
        case close
        case reset

        package static func answer(_ status: Int, _ fields: [String: String] = [:], _ body: [UInt8] = []) -> Action {
            var all = fields
            if all["Content-Length"] == nil { all["Content-Length"] = "\(body.count)" }
            let head = all.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
            return .send(Array("HTTP/1.1 \(status) X\r\n\(head)\r\n".utf8) + body)
        }

        package static func answer(_ status: Int, _ fields: [String: String] = [:], text: String) -> Action {
            answer(status, fields, Array(text.utf8))
        }
    }

    package let port: UInt16
    private let listener: Int32
    private let service: Service

    /// Starts to listen; `respond` gets each request and how many came before it.
    package init(_ respond: @escaping @Sendable (Request, Int) -> [Action]) throws {
        // The threads hold the service, not the server, so that the server's release ends them.
        let service = Service(respond)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) + listen(listener, 128) + getsockname(listener, address, &length)
            }
        }
        guard status == 0 else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        self.service = service
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                Thread.detachNewThread { service.serve(connection) }
            }
            close(listener)
        }
    }

    /// Ends the thread that accepts, which closes the socket: closed here, its number could already be another
    /// server's when the thread calls `accept` once more, and that server's clients would get these answers.
    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    package var url: String { "http://127.0.0.1:\(port)" }
    package var requests: [Request] { service.state.withLock { $0.requests } }
    /// The largest number of connections that were open at a time.
    package var mostOpen: Int { service.state.withLock { $0.mostOpen } }
}

/// What the server's threads share.
private final class Service: Sendable {
    typealias Request = LoopbackServer.Request
    typealias Action = LoopbackServer.Action

    struct State {
        var requests: [Request] = []
        var open = 0
        var mostOpen = 0
    }

    let state = Mutex(State())
    private let respond: @Sendable (Request, Int) -> [Action]

    init(_ respond: @escaping @Sendable (Request, Int) -> [Action]) { self.respond = respond }

    func serve(_ connection: Int32) {
        state.withLock {
            $0.open += 1
            $0.mostOpen = max($0.mostOpen, $0.open)
        }
        var buffered: [UInt8] = []
        while let request = read(connection, &buffered) {
            let number = state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            guard respond(request, number).allSatisfy({ perform($0, connection) }) else { break }
        }
        state.withLock { $0.open -= 1 }
        close(connection)
    }

    private func perform(_ action: Action, _ connection: Int32) -> Bool {
        switch action {
        case .send(let bytes): return write(bytes, connection)
        case .wait(let seconds): usleep(UInt32(seconds * 1e6))
        case .close: return false
        case .reset:
            // Closing with this option sends RST instead of FIN.
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            return false
        }
        return true
    }

    private func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private func read(_ connection: Int32, _ buffered: inout [UInt8]) -> Request? {
        let blank = Array("\r\n\r\n".utf8)
        while buffered.firstRange(of: blank) == nil {
            guard receive(connection, &buffered) else { return nil }
        }
        guard let end = buffered.firstRange(of: blank) else { return nil }
        var request = Request()
        for (index, line) in String(decoding: buffered[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            .enumerated()
        {
            if index == 0 {
                let words = line.split(separator: " ")
                (request.method, request.target) = (String(words[0]), String(words[1]))
            } else if let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                request.fields[line[..<colon].lowercased()] = String(value)
            }
        }
        buffered.removeSubrange(..<end.upperBound)
        let count = request.fields["content-length"].flatMap { Int($0) } ?? 0
        while buffered.count < count {
            guard receive(connection, &buffered) else { return nil }
        }
        request.body = Array(buffered[..<count])
        buffered.removeSubrange(..<count)
        return request
    }

    private func receive(_ connection: Int32, _ buffered: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(connection, &piece, piece.count, 0)
        guard count > 0 else { return false }
        buffered += piece[..<count]
        return true
    }
}
