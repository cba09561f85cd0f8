// Reads of a part of a chunk: what is not wanted is neither read nor decoded, where the codecs allow it.

extension CodecPipeline {
    /// Reads the wanted part of a stored chunk into its places; up to `gap` unwanted bytes are cheaper to read than a
    /// further range.
    func read(
        _ object: any ObjectReader,
        _ overlap: ChunkOverlap,
        into destination: UnsafeMutableRawBufferPointer,
        gap: Int,
        _ scratch: DecodeScratch
    ) throws {
        let copy = overlap.copy(representation)
        let size = try object.size()
        // What is left out is about as well compressed as the rest, here taken to half its size.
        let savedBytes = (representation.byteCount - copy.byteCount) / 2
        try unsafe scratch.encoded.withBytes(size) { encoded in
            if isBloscOnly, savedBytes > gap, size > BloscFrame.prefixBytes {
                try unsafe readBlocks(object, copy, encoded, into: destination, gap: gap, scratch)
            } else {
                try unsafe object.read(0, into: encoded)
                try unsafe decode(UnsafeRawBufferPointer(encoded), copy, into: destination, scratch)
            }
        }
    }

    /// Decodes the wanted part of a chunk's stored bytes into its places.
    func decode(
        _ bytes: UnsafeRawBufferPointer,
        _ copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        _ scratch: DecodeScratch
    ) throws {
        if let whole = copy.wholeSource {
            try unsafe decode(bytes, into: UnsafeMutableRawBufferPointer(rebasing: destination[whole]))
        } else if isBloscOnly, bytes.count >= BloscFrame.headerBytes,
            let frame = try unsafe BloscFrame(bytes, decodedCount: copy.sourceBytes, encodedCount: bytes.count),
            frame.blockCount > 1
        {
            _ = try unsafe frame.extents(bytes)
            try unsafe decodeBlocks(frame, bytes, copy, into: destination, scratch)
        } else {
            try unsafe scratch.decoded.withBytes(representation.byteCount) { chunk in
                try unsafe decode(bytes, into: chunk)
                unsafe copy.run(from: UnsafeRawBufferPointer(chunk), into: destination)
            }
        }
    }

    /// Reads header, block starts and touched blocks to their places in `encoded`, then decodes those blocks.
    private func readBlocks(
        _ object: any ObjectReader,
        _ copy: RegionCopy,
        _ encoded: UnsafeMutableRawBufferPointer,
        into destination: UnsafeMutableRawBufferPointer,
        gap: Int,
        _ scratch: DecodeScratch
    ) throws {
        let prefix = BloscFrame.prefixBytes
        try unsafe object.read(0, into: UnsafeMutableRawBufferPointer(rebasing: encoded[..<prefix]))
        let bytes = UnsafeRawBufferPointer(encoded)
        guard let frame = try unsafe BloscFrame(bytes, decodedCount: copy.sourceBytes, encodedCount: encoded.count)
        else {
            try unsafe object.read(0, into: encoded)
            return try unsafe decode(bytes, copy, into: destination, scratch)
        }
        if frame.startsEnd > prefix {
            try unsafe object.read(
                prefix,
                into: UnsafeMutableRawBufferPointer(rebasing: encoded[prefix..<frame.startsEnd])
            )
        }
        let extents = try unsafe frame.extents(bytes)
        let wanted = frame.blocks(touchedBy: copy).map { extents[$0] }
        for range in ByteRanges.coalesced(wanted, gap: gap) {
            try unsafe object.read(range.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: encoded[range]))
        }
        try unsafe decodeBlocks(frame, bytes, copy, into: destination, scratch)
    }

    private func decodeBlocks(
        _ frame: BloscFrame,
        _ bytes: UnsafeRawBufferPointer,
        _ copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        _ scratch: DecodeScratch
    ) throws {
        try unsafe scratch.block.withBytes(min(frame.blockBytes, frame.decodedBytes)) { block in
            try unsafe frame.decode(bytes, copy, into: destination, block: block)
        }
    }
}

/// Ranges of bytes to read.
enum ByteRanges {
    /// The ranges in ascending order, joined where at most `gap` bytes lie between two.
    static func coalesced(_ ranges: [Range<Int>], gap: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, range.lowerBound - last.upperBound <= gap {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }
}
