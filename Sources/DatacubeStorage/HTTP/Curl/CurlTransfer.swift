import CCurl
import Glibc

/// One request on its way through libcurl.
@safe final class CurlTransfer: @unchecked Sendable {
    // Sound: after `init` only the event loop's thread touches an instance.
    typealias Completion = @Sendable (Result<HTTPResponse, any Error>) -> Void

    /// libcurl's version, and those of the libraries that it uses.
    static let version = unsafe String(cString: curl_version())

    let origin: HTTPOrigin
    private let request: HTTPRequest
    private let proxies: [String]
    private let easy: CurlEasy
    private let headers: CurlHeaderList
    private let file: LocalFile?
    private let completion: Completion
    private var receiver: HTTPReceiver
    private var sent = 0
    private var failure: (any Error)?
    private var isStarted = false

    /// - Parameters:
    ///   - request: What to send.
    ///   - trust: Whose certificates are believed.
    ///   - proxies: Names of the hosts that libcurl may take as proxies.
    ///   - completion: Called once.
    /// - Throws: `configuration` for what is no URL; what libcurl says to the request's parts.
    init(_ request: HTTPRequest, trust: TrustSettings, proxies: [String], completion: @escaping Completion) throws {
        origin = try HTTPOrigin(request.url)
        self.proxies = proxies
        self.request = request
        self.completion = completion
        easy = try CurlEasy()
        headers = try CurlHeaderList(Self.headerLines(request))
        receiver = HTTPReceiver(request)
        if case .file(let path, _) = request.body { file = try LocalFile(reading: path) } else { file = nil }
        try configure(trust)
    }

    var handle: UnsafeMutableRawPointer { unsafe easy.handle }

    /// Remembers that bytes may have gone over the network from here on.
    func start() { isStarted = true }

    /// What its end tells of the link.
    var answer: RequestWindow.Answer {
        let bytes = easy.number(CURLINFO_SIZE_DOWNLOAD_T) + easy.number(CURLINFO_SIZE_UPLOAD_T)
        let microseconds = easy.number(CURLINFO_STARTTRANSFER_TIME_T) - easy.number(CURLINFO_PRETRANSFER_TIME_T)
        return RequestWindow.Answer(
            delay: microseconds > 0 ? Double(microseconds) / 1e6 : nil,
            bytes: bytes,
            isRefusal: [429, 503].contains(receiver.status)
        )
    }

    /// Reports the end that libcurl tells of.
    func end(_ code: CURLcode) {
        let result = Result { () throws -> HTTPResponse in
            if let failure { throw failure }
            guard code == CURLE_OK else { throw error(for: code) }
            return try receiver.finish()
        }
        end(result)
    }

    /// Reports an end.
    func end(_ result: Result<HTTPResponse, any Error>) {
        if isStarted {
            let received = easy.number(CURLINFO_SIZE_DOWNLOAD_T)
            request.counter?.addRequest(received: received, sent: easy.number(CURLINFO_SIZE_UPLOAD_T))
        }
        completion(result)
    }
}

extension CurlTransfer {
    private static func headerLines(_ request: HTTPRequest) throws(PipelineError) -> [String] {
        var fields = request.fields
        if let range = request.range { fields["Range"] = range.text }
        for field in fields.all where !(field.name + field.value).utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) {
            throw PipelineError(.unsupported, "the value of the header field \(field.name) has control characters")
        }
        // libcurl would wait up to a second for `100 Continue`, which no store in use sends before it must. A field
        // without a value is dropped by libcurl unless it is spelled with a semicolon.
        return fields.all.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" } + ["Expect:"]
    }

    private func configure(_ trust: TrustSettings) throws {
        try easy.set(CURLOPT_URL, request.url)
        // Keys may hold `//`, `.` and `..`; what was signed is what must be sent.
        try easy.set(CURLOPT_PATH_AS_IS, 1)
        try easy.allowOnlyHTTP()
        // One request a connection at a time: what the limits count are connections, and one slow answer does not
        // hold up others.
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try easy.set(CURLOPT_NOSIGNAL, 1)
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try easy.set(CURLOPT_USERAGENT, "datacube-storage-lab/\(Version.current)")
        // libcurl's own 16 KiB take a quarter more processor time for ranges of 256 KiB; more than this gains nothing.
        try easy.set(CURLOPT_BUFFERSIZE, 64 << 10)
        try unsafe easy.setPointer(CURLOPT_HTTPHEADER, headers.pointer)
        if request.acceptsCompression { try easy.set(CURLOPT_ACCEPT_ENCODING, "gzip") }
        if let file = trust.certificateFile { try easy.set(CURLOPT_CAINFO, file) }
        if let folder = trust.certificateFolder { try easy.set(CURLOPT_CAPATH, folder) }
        try setTimeouts(request.timeouts)
        try setMethod()
        try setCallbacks()
    }

    private func setTimeouts(_ timeouts: HTTPTimeouts) throws(PipelineError) {
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, Int(timeouts.connect * 1000))
        try easy.set(CURLOPT_LOW_SPEED_LIMIT, 1024)
        try easy.set(CURLOPT_LOW_SPEED_TIME, max(1, timeouts.stall))
        if let total = timeouts.total { try easy.set(CURLOPT_TIMEOUT_MS, Int(total * 1000)) }
    }

    private func setMethod() throws(PipelineError) {
        switch request.method {
        case .head: try easy.set(CURLOPT_NOBODY, 1)
        case .get: try easy.set(CURLOPT_HTTPGET, 1)
        case .delete: try easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .put, .post:
            try easy.set(CURLOPT_UPLOAD, 1)
            try easy.set(CURLOPT_INFILESIZE_LARGE, offset: request.body.count)
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func setCallbacks() throws(PipelineError) {
        let context = unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        try unsafe easy.setStream(CURLOPT_HEADERFUNCTION, receiveHeadLine)
        try unsafe easy.setStream(CURLOPT_WRITEFUNCTION, receiveBody)
        try unsafe easy.setStream(CURLOPT_READFUNCTION, sendBody)
        try unsafe easy.setSeek(rewindBody)
        for option in [CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
            try unsafe easy.setPointer(option, context)
        }
    }

    private func error(for code: CURLcode) -> any Error {
        let place = "\(request.method.rawValue) \(request.url)"
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return UnknownHost(names: [origin.host], place: place, words: easy.message(for: code))
        case CURLE_COULDNT_RESOLVE_PROXY:
            return UnknownHost(names: proxies, place: place, words: easy.message(for: code))
        case CURLE_SSL_CONNECT_ERROR:
            let reason = "\(place): no TLS connection; does the server speak https on this port?"
            return BrokenHandshake(error: PipelineError(.unavailable, reason, cause: easy.message(for: code)))
        default: break
        }
        let isConnected = easy.number(CURLINFO_PRETRANSFER_TIME_T) > 0
        return CurlFailure.error(code, at: place, isConnected: isConnected, words: easy.message(for: code))
    }

    fileprivate func takeHeadLine(_ bytes: UnsafeRawBufferPointer) {
        unsafe receiver.receive(headLine: String(decoding: bytes, as: UTF8.self))
    }

    fileprivate func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        do {
            try unsafe receiver.receive(bytes)
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Fills the buffer with the next bytes to send; nil when they cannot be read.
    fileprivate func giveBody(_ buffer: UnsafeMutableRawBufferPointer) -> Int? {
        let count = min(buffer.count, request.body.count - sent)
        let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        do {
            try unsafe request.body.read(from: sent, into: part, file: file)
        } catch {
            failure = error
            return nil
        }
        sent += count
        return count
    }

    fileprivate func rewind(to offset: Int) { sent = offset }
}

extension HTTPRequest.Body {
    /// Bytes to send.
    var count: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .file(_, let range): range.count
        }
    }

    fileprivate func read(
        from offset: Int,
        into part: UnsafeMutableRawBufferPointer,
        file: borrowing LocalFile?
    ) throws {
        switch self {
        case .none: break
        case .bytes(let bytes):
            unsafe bytes.withUnsafeBytes {
                unsafe part.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + part.count]))
            }
        case .file(_, let range):
            try unsafe file?.read(into: part, at: range.lowerBound + offset)
        }
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    unsafe context.map { unsafe Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private func receiveHeadLine(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    unsafe transfer(context)?.takeHeadLine(UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    // Any other number than that of the bytes given ends the transfer.
    return unsafe transfer(context)?.takeBody(piece) == true ? piece.count : piece.count + 1
}

private func sendBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    let room = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context)?.giveBody(room) ?? Int(CURL_READFUNC_ABORT)
}

private func rewindBody(_ context: UnsafeMutableRawPointer?, _ offset: curl_off_t, _ origin: Int32) -> Int32 {
    guard origin == SEEK_SET, let transfer = unsafe transfer(context) else { return CURL_SEEKFUNC_CANTSEEK }
    transfer.rewind(to: Int(offset))
    return CURL_SEEKFUNC_OK
}
