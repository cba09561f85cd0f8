import Synchronization

/// The memory that decoding needs besides the destination, kept for the next chunk.
///
/// Belongs to one thread at a time; ``withScratch(_:)`` lends one out.
public final class DecodeScratch: @unchecked Sendable {
    // Sound: an instance is used by the thread that holds it; the pool gives it to one at a time.
    var encoded = ScratchBuffer()
    var decoded = ScratchBuffer()
    var block = ScratchBuffer()

    /// Creates empty scratch memory.
    public init() {}

    private static let pool = Mutex<[DecodeScratch]>([])

    /// Runs `body` with scratch memory that no other thread uses, from a pool of as many as were ever used at a time.
    public static func withScratch<Result>(_ body: (DecodeScratch) throws -> Result) rethrows -> Result {
        let scratch = pool.withLock { $0.popLast() } ?? DecodeScratch()
        defer { pool.withLock { $0.append(scratch) } }
        return try body(scratch)
    }
}

/// Memory that grows and is never cleared.
@safe struct ScratchBuffer: ~Copyable {
    private var memory = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)

    deinit { unsafe memory.deallocate() }

    /// Lends `count` bytes of undefined content, aligned for vector instructions.
    mutating func withBytes<Result>(
        _ count: Int,
        body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        if unsafe memory.count < count {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: count + count / 4, alignment: 64)
        }
        return try unsafe body(UnsafeMutableRawBufferPointer(rebasing: memory[..<count]))
    }
}
