// HTTP semantics: https://www.rfc-editor.org/rfc/rfc9110

/// One request, with what to do with its answer.
public struct HTTPRequest: Sendable {
    /// The methods in use.
    public enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    /// What is sent after the head.
    public enum Body: Sendable, Equatable {
        /// No body at all.
        case none
        /// These bytes.
        case bytes([UInt8])
        /// The bytes of a local file in a range; the file must not change meanwhile.
        case file(path: String, range: Range<Int>)
    }

    /// The method.
    public var method: Method
    /// An `http` or `https` URL, percent-encoded; it is sent as it is.
    public var url: String
    /// Fields beside those that the transport adds (`Host`, `Content-Length`, `User-Agent`, `Range`).
    public var fields = HTTPFields()
    /// What to send.
    public var body = Body.none
    /// The part of the resource to ask for; an answer with any other part is an error.
    public var range: HTTPRange?
    /// Where the body of a 2xx answer goes.
    public var destination = HTTPDestination.memory(limit: 64 << 20)
    /// How long to wait for what.
    public var timeouts = HTTPTimeouts.standard
    /// Whether 301, 302, 307 and 308 are followed; credentials never go to another origin.
    public var followsRedirects = false
    /// Whether the server may compress the answer.
    public var acceptsCompression = false
    /// Where this request is counted.
    public var counter: RequestCounter?

    /// Creates a request without fields and body.
    public init(_ method: Method, _ url: String) {
        self.method = method
        self.url = url
    }
}

/// A part of a resource.
public enum HTTPRange: Sendable, Equatable {
    /// The bytes from the lower bound up to, not including, the upper one; an answer may end earlier only where the
    /// resource does.
    case bytes(Range<Int>)
    /// Everything from an offset on.
    case from(Int)
    /// The last bytes, or all if there are fewer.
    case suffix(Int)

    /// As it stands in the `Range` field.
    var text: String {
        switch self {
        case .bytes(let range): "bytes=\(range.lowerBound)-\(range.upperBound - 1)"
        case .from(let offset): "bytes=\(offset)-"
        case .suffix(let count): "bytes=-\(count)"
        }
    }

    /// What a resource of that size answers.
    func resolved(size: Int) -> Range<Int> {
        switch self {
        case .bytes(let range): min(range.lowerBound, size)..<min(range.upperBound, size)
        case .from(let offset): min(offset, size)..<size
        case .suffix(let count): max(0, size - count)..<size
        }
    }
}

/// How long to wait for what, in seconds.
public struct HTTPTimeouts: Sendable, Equatable {
    /// For a connection, TLS included.
    public var connect: Double
    /// For progress, in whole seconds, at least one.
    ///
    /// A transfer slower than 1 KiB/s for that long has stalled.
    public var stall: Int
    /// For the whole request; nil means as long as it makes progress.
    public var total: Double?

    /// 20 s to connect, 60 s of stall, any total: a 1 GB file at the 1 MB/s of a used-up CDSE quota takes 17 minutes.
    public static let standard = HTTPTimeouts(connect: 20, stall: 60, total: nil)

    /// Creates limits.
    public init(connect: Double, stall: Int, total: Double?) {
        self.connect = connect
        self.stall = stall
        self.total = total
    }
}
