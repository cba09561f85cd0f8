// https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
import CBlosc

/// Where the blocks of a Blosc frame lie, so that some can be read and decoded without the others.
struct BloscFrame {
    /// Bytes of the header.
    static let headerBytes = 16
    /// Enough of a frame's beginning for header and block starts of almost all frames: 252 blocks.
    static let prefixBytes = 1024

    // The flag of that meaning, which has no name in blosc.h.
    private static let isNotCut: UInt8 = 0x10

    let decodedBytes: Int
    let blockBytes: Int
    let encodedBytes: Int
    private let typeBytes: Int
    /// That of a frame of one block, but for its lengths.
    private let header: [UInt8]
    /// Whether the bytes follow the header as they are.
    private let isStored: Bool
    /// Whether blocks are shuffled by bits in the one way that ``DecodedBlock`` undoes.
    private let isBitShuffled: Bool

    /// Reads a header, of which the caller has at least ``headerBytes``; nil when blocks cannot be told apart.
    init?(_ header: UnsafeRawBufferPointer, decodedCount: Int, encodedCount: Int) throws {
        func number(_ offset: Int) -> Int {
            unsafe Int(UInt32(littleEndian: header.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard encodedCount >= Self.headerBytes, number(12) == encodedCount, number(4) == decodedCount else {
            throw CodecDescription.corrupt(
                "blosc",
                "the header does not fit the \(encodedCount) bytes, or the \(decodedCount) that should come out"
            )
        }
        self.header = unsafe Array(header.prefix(Self.headerBytes)) + [0, 0, 0, 0]
        decodedBytes = decodedCount
        encodedBytes = encodedCount
        blockBytes = number(8)
        typeBytes = unsafe Int(header[3])
        let flags = unsafe header[2]
        isStored = flags & UInt8(BLOSC_MEMCPYED) != 0
        isBitShuffled = !isStored && typeBytes == 2 && flags & UInt8(BLOSC_DOBITSHUFFLE) != 0
        guard typeBytes > 0, blockBytes > 0, blockBytes % typeBytes == 0, decodedBytes % typeBytes == 0,
            isStored ? encodedBytes == decodedBytes + Self.headerBytes : startsEnd <= encodedBytes
        else { return nil }
    }

    var blockCount: Int { (decodedBytes - 1) / blockBytes + 1 }
    /// Where the block starts end.
    var startsEnd: Int { isStored ? Self.headerBytes : Self.headerBytes + 4 * blockCount }

    /// The encoded bytes of each block, given the frame's first ``startsEnd`` bytes.
    ///
    /// Blosc's threads write blocks in the order in which they finish, so a block ends where the next in the file begins.
    func extents(_ frame: UnsafeRawBufferPointer) throws -> [Range<Int>] {
        if isStored { return (0..<blockCount).map { storedExtent($0) } }
        let starts = (0..<blockCount).map { block in
            let offset = Self.headerBytes + 4 * block
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
        let touched = blocks(touchedBy: copy).map { extents[$0] }.sorted { $0.lowerBound < $1.lowerBound }
        return ByteRun.joining(touched, gap: gap).map(\.range)
    }

    /// Decodes the touched blocks, each once, and copies its rows to their places.
    ///
    /// Of `frame`, which has the whole frame's length, only header, block starts and touched blocks need to be there.
    /// What lies before a block is changed while it is decoded. `buffer` has room for one block.
    func decode(
        _ frame: UnsafeMutableRawBufferPointer,
        copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        block buffer: UnsafeMutableRawBufferPointer
    ) throws {
        precondition(copy.sourceBytes == decodedBytes && destination.count >= copy.destinationBytes)
        guard let into = destination.baseAddress else { return }
        let extents = try unsafe extents(UnsafeRawBufferPointer(frame))
        // Runs of bytes may begin within an element.
        let leavesShuffled = isBitShuffled && copy.elementBytes % 2 == 0
        var current: DecodedBlock?
        func block(at source: Int) throws -> DecodedBlock {
            if let current, current.range.contains(source) { return current }
            let number = source / blockBytes
            let encoded = unsafe UnsafeMutableRawBufferPointer(rebasing: frame[..<extents[number].upperBound])
            let bytes = try unsafe decodeBlock(
                number,
                encoded: encoded,
                count: extents[number].count,
                into: buffer,
                leavesShuffled: leavesShuffled
            )
            let block = unsafe DecodedBlock(bytes, at: number * blockBytes, isBitShuffled: leavesShuffled)
            current = block
            return block
        }
        try copy.forEachSeries { source, target, count in
            var run = 0
            while run < count {
                let (first, place) = unsafe (source + run * copy.sourceStep, into + target + run * copy.destinationStep)
                let taken = try unsafe block(at: first).copy(first, count: count - run, of: copy, to: place)
                if taken == 0 { try unsafe copyAcross(first, count: copy.runBytes, to: place, block: block) }
                run += max(1, taken)
            }
        }
    }

    /// Copies a run that lies in several blocks.
    private func copyAcross(
        _ first: Int,
        count: Int,
        to place: UnsafeMutableRawPointer,
        block: (Int) throws -> DecodedBlock
    ) throws {
        var done = 0
        while done < count {
            done += try unsafe block(first + done).copy(first + done, upTo: count - done, to: place + done)
        }
    }

    private func storedExtent(_ block: Int) -> Range<Int> {
        let start = Self.headerBytes + block * blockBytes
        return start..<min(start + blockBytes, encodedBytes)
    }

    /// Decodes the block that takes the last `count` bytes of `encoded`.
    ///
    /// Wraps `blosc_decompress_ctx`, which checks every length against the frame's own. It is told that the block is a
    /// frame of its own: out of a larger one Blosc decodes to memory of its own and copies from there.
    private func decodeBlock(
        _ block: Int,
        encoded: UnsafeMutableRawBufferPointer,
        count: Int,
        into buffer: UnsafeMutableRawBufferPointer,
        leavesShuffled: Bool
    ) throws -> UnsafeRawBufferPointer {
        if isStored { return unsafe UnsafeRawBufferPointer(rebasing: encoded.suffix(count)) }
        let decodedCount = min(blockBytes, decodedBytes - block * blockBytes)
        DecodedBytes.add(decodedCount)
        precondition(buffer.count >= decodedCount)
        var header = header
        if leavesShuffled { header[2] &= ~UInt8(BLOSC_DOBITSHUFFLE) }
        // Blosc cuts every block by the bytes of an element but a shorter last one.
        if decodedCount < blockBytes { header[2] |= Self.isNotCut }
        for (offset, number) in [(4, decodedCount), (8, decodedCount), (12, header.count + count), (16, header.count)] {
            unsafe header.withUnsafeMutableBytes {
                unsafe $0.storeBytes(of: UInt32(number).littleEndian, toByteOffset: offset, as: UInt32.self)
            }
        }
        let frame = unsafe UnsafeMutableRawBufferPointer(rebasing: encoded.suffix(header.count + count))
        let hidden = unsafe Array(frame.prefix(header.count))
        unsafe frame.copyBytes(from: header)
        defer { unsafe frame.copyBytes(from: hidden) }
        let written = unsafe blosc_decompress_ctx(frame.baseAddress, buffer.baseAddress, buffer.count, 1)
        guard Int(written) == decodedCount else {
            throw CodecDescription.corrupt("blosc", "decoding block \(block) of \(blockCount) returned \(written)")
        }
        return unsafe UnsafeRawBufferPointer(rebasing: buffer[..<decodedCount])
    }
}
