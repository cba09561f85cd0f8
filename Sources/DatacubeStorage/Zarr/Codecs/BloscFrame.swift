// https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
import CBlosc
import Glibc

/// Where the blocks of a Blosc frame lie, so that some can be read and decoded without the others.
struct BloscFrame {
    /// Bytes of the header.
    static let headerBytes = 16
    /// Enough of a frame's beginning for header and block starts of almost all frames.
    static let prefixBytes = 4096

    let decodedBytes: Int
    let blockBytes: Int
    let encodedBytes: Int
    private let typeBytes: Int
    /// Whether the bytes follow the header as they are.
    private let isStored: Bool
    /// Whether blocks are shuffled by bits in the one way that ``ShuffledBlock`` undoes.
    private let isBitShuffled: Bool

    /// Reads a header, of which the caller has at least ``headerBytes``; nil when blocks cannot be told apart.
    init?(_ header: UnsafeRawBufferPointer, decodedCount: Int, encodedCount: Int) throws {
        func number(_ offset: Int) -> Int {
            unsafe Int(UInt32(littleEndian: header.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard encodedCount >= BloscFrame.headerBytes, number(12) == encodedCount, number(4) == decodedCount else {
            throw CodecDescription.corrupt(
                "blosc",
                "the header does not fit the \(encodedCount) bytes, or the \(decodedCount) that should come out"
            )
        }
        decodedBytes = decodedCount
        encodedBytes = encodedCount
        blockBytes = number(8)
        typeBytes = unsafe Int(header[3])
        let flags = unsafe header[2]
        isStored = flags & UInt8(BLOSC_MEMCPYED) != 0
        isBitShuffled = !isStored && typeBytes == 2 && flags & UInt8(BLOSC_DOBITSHUFFLE) != 0
        guard typeBytes > 0, blockBytes > 0, blockBytes % typeBytes == 0, decodedBytes % typeBytes == 0,
            isStored ? encodedBytes == decodedBytes + BloscFrame.headerBytes : startsEnd <= encodedBytes
        else { return nil }
    }

    var blockCount: Int { (decodedBytes - 1) / blockBytes + 1 }
    /// Where the block starts end.
    var startsEnd: Int { isStored ? BloscFrame.headerBytes : BloscFrame.headerBytes + 4 * blockCount }

    /// The encoded bytes of each block, given the frame's first ``startsEnd`` bytes.
    ///
    /// Blosc's threads write blocks in the order in which they finish, so a block ends where the next in the file begins.
    func extents(_ frame: UnsafeRawBufferPointer) throws -> [Range<Int>] {
        if isStored { return (0..<blockCount).map { storedExtent($0) } }
        let starts = (0..<blockCount).map { block in
            let offset = BloscFrame.headerBytes + 4 * block
            return unsafe Int(UInt32(littleEndian: frame.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard starts.allSatisfy({ $0 >= startsEnd && $0 <= encodedBytes - 4 }) else {
            throw CodecDescription.corrupt("blosc", "a block begins outside the \(encodedBytes) bytes")
        }
        let order = starts.indices.sorted { starts[$0] < starts[$1] }
        var extents = [Range<Int>](repeating: 0..<0, count: blockCount)
        var end = encodedBytes
        for block in order.reversed() {
            extents[block] = starts[block]..<max(end, starts[block])
            end = starts[block]
        }
        return extents
    }

    /// The blocks that hold something of what is copied.
    func blocks(touchedBy copy: RegionCopy) -> [Int] {
        var isTouched = [Bool](repeating: false, count: blockCount)
        unsafe isTouched.withUnsafeMutableBufferPointer { flags in
            copy.forEachRun { source, _ in
                for block in source / blockBytes...(source + copy.runBytes - 1) / blockBytes {
                    unsafe flags[block] = true
                }
            }
        }
        return isTouched.indices.filter { isTouched[$0] }
    }

    /// The bytes of those blocks, given the frame's first ``startsEnd`` bytes; up to `gap` bytes between two are taken too.
    func ranges(touchedBy copy: RegionCopy, _ frame: UnsafeRawBufferPointer, gap: Int) throws -> [Range<Int>] {
        let extents = try unsafe extents(frame)
        return ByteRanges.coalesced(blocks(touchedBy: copy).map { extents[$0] }, gap: gap)
    }

    /// Decodes the touched blocks, each once, and copies its rows to their places.
    ///
    /// Of `frame`, which has the whole frame's length, only header, block starts and touched blocks need to be there.
    /// Its header is changed for as long as the call lasts. `buffer` has room for one block, `rows` for ``ShuffledBlock/windowBytes``.
    func decode(
        _ frame: UnsafeMutableRawBufferPointer,
        _ copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        block buffer: UnsafeMutableRawBufferPointer,
        rows: UnsafeMutableRawBufferPointer
    ) throws {
        precondition(copy.sourceBytes == decodedBytes && destination.count >= copy.destinationBytes)
        guard let into = destination.baseAddress, let decoded = buffer.baseAddress else { return }
        // Without this flag Blosc decompresses and leaves the bits shuffled.
        let flags = unsafe frame[2]
        if isBitShuffled { unsafe frame[2] = flags & ~UInt8(BLOSC_DOBITSHUFFLE) }
        defer { unsafe frame[2] = flags }
        let (runBytes, blockBytes, isDense) = (copy.runBytes, blockBytes, copy.isDense)
        var current = -1
        var shuffled: ShuffledBlock?
        try copy.forEachRun { source, target in
            var done = 0
            while done < runBytes {
                let block = (source + done) / blockBytes
                if block != current {
                    let bytes = try unsafe decodeBlock(block, of: UnsafeRawBufferPointer(frame), into: buffer)
                    // Blosc shuffles no block that is not made of whole groups of eight elements.
                    shuffled = isBitShuffled && bytes.count % 16 == 0 ? unsafe ShuffledBlock(bytes, buffer: rows) : nil
                }
                current = block
                let offset = source + done - block * blockBytes
                let count = min(runBytes - done, blockBytes - offset)
                if unsafe shuffled?.copy(offset..<offset + count, to: into + target + done, isDense: isDense) == nil {
                    unsafe memcpy(into + target + done, decoded + offset, count)
                }
                done += count
            }
        }
    }

    private func storedExtent(_ block: Int) -> Range<Int> {
        let start = BloscFrame.headerBytes + block * blockBytes
        return start..<min(start + blockBytes, encodedBytes)
    }

    /// Wraps `blosc_getitem`, which checks every length against the frame's own.
    private func decodeBlock(
        _ block: Int,
        of frame: UnsafeRawBufferPointer,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> UnsafeRawBufferPointer {
        let count = min(blockBytes, decodedBytes - block * blockBytes)
        let (start, items) = (Int32(block * blockBytes / typeBytes), Int32(count / typeBytes))
        precondition(buffer.count >= count && frame.count == encodedBytes)
        let written = unsafe blosc_getitem(frame.baseAddress, start, items, buffer.baseAddress)
        guard Int(written) == count else {
            throw CodecDescription.corrupt("blosc", "decoding block \(block) of \(blockCount) returned \(written)")
        }
        return unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }
}
