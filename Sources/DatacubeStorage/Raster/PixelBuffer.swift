import Glibc

/// Memory for pixels that several threads fill at once, each its own part.
///
/// Freed when the last reference goes. A converter allocates one for each block in flight and states the bound
/// there.
@safe public final class PixelBuffer<Pixel: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sound: the storage is allocated in init and freed in deinit only; threads write disjoint parts of it by
    // the division of work of whoever lends it, and read it only after those writes were joined.
    private let storage: UnsafeMutableBufferPointer<Pixel>
    private let isLent: Bool

    /// Allocates `count` pixels, all 0; pages that nobody writes to take no memory.
    ///
    /// - Throws: ``PipelineError`` when the system grants no such amount of memory.
    public init(zeroed count: Int) throws(PipelineError) {
        let stride = MemoryLayout<Pixel>.stride
        guard let memory = unsafe calloc(max(count, 1), stride) else {
            throw PipelineError(.system, "no memory for \(formatBytes(count * stride)) of pixels; grant the job more")
        }
        unsafe Self.preferHugePages(UnsafeMutableRawBufferPointer(start: memory, count: count * stride))
        unsafe storage = unsafe UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: Pixel.self, capacity: count),
            count: count
        )
        isLent = false
    }

    /// Stands for memory of somebody else, who keeps it until the buffer is released.
    init(lent memory: UnsafeMutableBufferPointer<Pixel>) {
        unsafe storage = memory
        isLent = true
    }

    deinit { if !isLent { unsafe free(storage.baseAddress) } }

    // Rows of patches lie all over a buffer: with pages of 4 KiB, the processor looks up more of them than it remembers.
    private static func preferHugePages(_ memory: UnsafeMutableRawBufferPointer) {
        let page = 2 << 20
        let start = Int(bitPattern: memory.baseAddress)
        let first = (start + page - 1) / page * page
        let count = (start + memory.count) / page * page - first
        // Advice that a system without such pages does not take.
        if count > 0 { _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: first), count, MADV_HUGEPAGE) }
    }

    /// Number of pixels.
    public var count: Int { unsafe storage.count }

    /// Lends a part of the pixels for the duration of a call.
    public func withPixels<Result>(
        _ range: Range<Int>,
        body: (UnsafeMutableBufferPointer<Pixel>) throws -> Result
    ) rethrows -> Result {
        try unsafe body(UnsafeMutableBufferPointer(rebasing: storage[range]))
    }

    /// Lends all pixels, cut into equal planes, for the duration of a call.
    public func withPlanes<Result>(
        _ count: Int,
        body: ([UnsafeMutableBufferPointer<Pixel>]) throws -> Result
    ) rethrows -> Result {
        let size = unsafe storage.count / count
        return try unsafe body(
            (0..<count).map { unsafe UnsafeMutableBufferPointer(rebasing: storage[($0 * size)..<(($0 + 1) * size)]) }
        )
    }

    /// Lends one row of one of `count` planes; valid while the buffer is referenced.
    func plane(_ number: Int, of count: Int, row: Int, width: Int) -> UnsafeMutableBufferPointer<Pixel> {
        let start = unsafe number * (storage.count / count) + row * width
        return unsafe UnsafeMutableBufferPointer(rebasing: storage[start..<(start + width)])
    }
}

extension PixelBuffer<UInt16> {
    /// No DN: above what bands of 15 bits hold, and not the mark of saturated pixels.
    static var unwritten: UInt16 { 0xA5C3 }

    /// Fills a part with ``unwritten``, so that a pixel which nobody writes afterwards is told from one that is 0 or that
    /// an earlier load left there.
    func markUnwritten(_ range: Range<Int>) {
        unsafe withPixels(range) { unsafe $0.update(repeating: Self.unwritten) }
    }
}
