/// Takes an answer apart as it arrives: the head decides where the body may go.
struct HTTPReceiver {
    // Enough for any error document; the rest of a longer one tells nothing more.
    private static let errorBodyLimit = 64 << 10
    private let url: String
    private let range: HTTPRange?
    private let destination: HTTPDestination
    private(set) var status = 0
    private var fields = HTTPFields()
    private var isChecked = false
    private var body: [UInt8] = []
    private var received = 0

    init(_ request: HTTPRequest) {
        url = request.url
        range = request.range
        destination = request.destination
    }

    private var isSuccess: Bool { (200..<300).contains(status) }

    /// Takes a line of a head; a status line begins a new one, after `100 Continue` for instance.
    mutating func receive(headLine line: String) {
        if line.hasPrefix("HTTP/") {
            // Without a reason the line end follows the number.
            status = line.trimmed().split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            fields = HTTPFields()
        } else if let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) {
            fields.add(line[..<colon].trimmed(), line[line.utf8.index(after: colon)...].trimmed())
        }
    }

    /// Takes a piece of the body.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) throws {
        if !isChecked {
            try checkHead()
            reserveBody()
        }
        guard isSuccess else {
            let room = Self.errorBodyLimit - body.count
            return unsafe body.append(contentsOf: bytes.prefix(max(0, room)))
        }
        let offset = received
        received += bytes.count
        switch destination {
        case .memory(let limit):
            guard received <= limit else { throw tooLong("more than the \(limit) bytes that are expected at most") }
            unsafe body.append(contentsOf: bytes)
        case .buffer(let buffer), .room(let buffer):
            let target = unsafe buffer.bytes
            guard received <= target.count else { throw tooLong("more than the \(target.count) bytes asked for") }
            unsafe UnsafeMutableRawBufferPointer(rebasing: target[offset..<received]).copyMemory(from: bytes)
        case .sink(let take):
            try unsafe take(bytes)
        }
    }

    /// The whole answer.
    mutating func finish() throws -> HTTPResponse {
        try checkHead()
        if isSuccess, case .buffer(let buffer) = destination, buffer.count != received {
            let count = buffer.count
            throw PipelineError(.corrupt, "\(url) answered with \(received) bytes; \(count) were asked for")
        }
        return HTTPResponse(status: status, fields: fields, body: body, byteCount: isSuccess ? received : body.count)
    }

    /// Refuses bytes of another part than the one asked for before any of them goes anywhere.
    private mutating func checkHead() throws {
        guard !isChecked else { return }
        isChecked = true
        guard let range, isSuccess else { return }
        guard status == 206, let part = fields["Content-Range"].flatMap(ContentRange.init) else {
            throw PipelineError(.unsupported, "\(url): the server does not serve ranges (status \(status))")
        }
        let expected = range.resolved(size: part.size ?? .max)
        guard part.range == expected || part.size == nil && part.range.lowerBound == expected.lowerBound else {
            throw PipelineError(
                .corrupt,
                "\(url) answered with bytes \(part.range) of \(part.size ?? -1) to a request for \(range.text)"
            )
        }
        if let length = fields["Content-Length"], Int(length) != part.range.count {
            throw PipelineError(
                .corrupt,
                "\(url) announces \(length) bytes for the \(part.range.count) bytes \(part.range)"
            )
        }
    }

    private mutating func reserveBody() {
        guard isSuccess, case .memory(let limit) = destination else { return }
        // A server may announce anything: what comes beyond this makes room for itself.
        let most = min(limit, 8 << 20)
        if let size = fields["Content-Length"].flatMap({ Int($0) }) { body.reserveCapacity(max(0, min(size, most))) }
    }

    private func tooLong(_ what: String) -> PipelineError { PipelineError(.corrupt, "\(url) answered with \(what)") }
}
