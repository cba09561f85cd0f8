/// Where the body of a successful answer goes; the body of any other answer is kept in memory, cut at 64 KiB.
@safe public enum HTTPDestination: Sendable {
    /// Into the response; more bytes than the limit are an error.
    case memory(limit: Int)
    /// Into the caller's memory, which the answer must fill exactly.
    case buffer(HTTPBuffer)
    /// Into the first bytes of the caller's memory; more than that takes are an error.
    case room(HTTPBuffer)
    /// To a function, piece by piece in order: on the thread that waits in ``HTTPClient/send(_:)``, else on the
    /// transport's, where it must not block for long.
    case sink(@Sendable (UnsafeRawBufferPointer) throws -> Void)
}

/// Memory of a caller who waits for the request's end.
@safe public struct HTTPBuffer: @unchecked Sendable {
    // Sound: the caller keeps the memory, and its hands off it, until the request has ended.
    let bytes: UnsafeMutableRawBufferPointer
    /// Bytes that it takes.
    public var count: Int { unsafe bytes.count }

    /// Names the memory.
    public init(_ bytes: UnsafeMutableRawBufferPointer) { unsafe self.bytes = unsafe bytes }
}
