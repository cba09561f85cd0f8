import Glibc

/// Memory for pixels of 16 bits that several threads fill at once, each its own part.
///
/// Freed when the last reference goes. A converter allocates one for each block in flight and states the bound
/// there.
@safe public final class PixelBuffer: @unchecked Sendable {
    // Sound: the storage is allocated in init and freed in deinit only; threads write disjoint parts of it by
    // the division of work of whoever lends it, and read it only after those writes were joined.
    private let storage: UnsafeMutableBufferPointer<UInt16>

    /// Allocates `count` pixels, all 0; pages that nobody writes to take no memory.
    ///
    /// - Throws: ``PipelineError`` when the system grants no such amount of memory.
    public init(zeroed count: Int) throws(PipelineError) {
        guard let memory = unsafe calloc(max(count, 1), MemoryLayout<UInt16>.stride) else {
            throw PipelineError(.system, "no memory for \(formatBytes(count * 2)) of pixels; grant the job more")
        }
        unsafe storage = UnsafeMutableBufferPointer(start: memory.bindMemory(to: UInt16.self, capacity: count), count: count)
    }

    deinit { unsafe free(storage.baseAddress) }

    /// Number of pixels.
    public var count: Int { unsafe storage.count }

    /// Lends the pixels for the duration of a call.
    public func withPixels<Result>(
        _ body: (UnsafeMutableBufferPointer<UInt16>) throws -> Result
    ) rethrows -> Result {
        try unsafe body(storage)
    }

    /// Lends a part of the pixels for the duration of a call.
    public func withPixels<Result>(
        _ range: Range<Int>,
        _ body: (UnsafeMutableBufferPointer<UInt16>) throws -> Result
    ) rethrows -> Result {
        try unsafe body(UnsafeMutableBufferPointer(rebasing: storage[range]))
    }
}
