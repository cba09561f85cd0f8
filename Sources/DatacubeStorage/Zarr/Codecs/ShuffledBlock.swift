import CBitShuffle
import Glibc

/// A decompressed block of 16-bit elements whose bits Blosc has shuffled, of which only wanted elements are restored.
///
/// C-Blosc restores whole blocks, of which a patch wants some rows, and takes longer for it than for decompressing.
@safe struct ShuffledBlock {
    /// Bytes restored at once where runs lie close together; they stay in the nearest cache.
    static let windowBytes = 16 << 10

    private let shuffled: UnsafeRawBufferPointer
    private let buffer: UnsafeMutableRawBufferPointer
    /// The bytes of the block that `buffer` has.
    private var window = 0..<0

    /// - Parameters:
    ///   - shuffled: The block, a multiple of 16 bytes.
    ///   - buffer: ``windowBytes`` to restore into.
    init(_ shuffled: UnsafeRawBufferPointer, buffer: UnsafeMutableRawBufferPointer) {
        precondition(shuffled.count % 16 == 0 && buffer.count >= ShuffledBlock.windowBytes)
        unsafe self.shuffled = unsafe shuffled
        unsafe self.buffer = unsafe buffer
    }

    /// Copies bytes `wanted` of the block to `destination`; `isDense` says that what follows is wanted soon.
    mutating func copy(_ wanted: Range<Int>, to destination: UnsafeMutableRawPointer, isDense: Bool) {
        unsafe precondition(wanted.lowerBound >= 0 && wanted.upperBound <= shuffled.count)
        guard let restored = unsafe buffer.baseAddress else { return }
        var start = wanted.lowerBound
        while start < wanted.upperBound {
            if !window.contains(start) { unsafe restore(from: start, to: isDense ? shuffled.count : wanted.upperBound) }
            let end = min(wanted.upperBound, window.upperBound)
            unsafe memcpy(
                destination + (start - wanted.lowerBound),
                restored + (start - window.lowerBound),
                end - start
            )
            start = end
        }
    }

    /// Moves the window: from `start` up to `end`, in whole groups of eight elements, as far as the buffer reaches.
    private mutating func restore(from start: Int, to end: Int) {
        let first = start / 16 * 16
        let last = min((end + 15) / 16 * 16, first + ShuffledBlock.windowBytes)
        window = first..<last
        unsafe bit_unshuffle_16(
            shuffled.bindMemory(to: UInt8.self).baseAddress,
            shuffled.count / 2,
            first / 2,
            (last - first) / 2,
            buffer.bindMemory(to: UInt8.self).baseAddress
        )
    }
}
