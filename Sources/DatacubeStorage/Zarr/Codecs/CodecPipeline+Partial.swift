// Reads of a part of a chunk: what is not wanted is neither read nor decoded, where the codecs allow it.

extension CodecPipeline {
    /// Reads the wanted part of a stored chunk into its places; up to `gap` unwanted bytes are cheaper to read than a
    /// further range.
    func read(
        _ object: any ObjectReader,
        overlap: ChunkOverlap,
        into destination: UnsafeMutableRawBufferPointer,
        gap: Int,
        scratch: DecodeScratch
    ) throws {
        let copy = overlap.copy(representation)
        let size = try object.size()
        try unsafe scratch.encoded.withBytes(size) { encoded in
            if readsBlocks(copy, gap: gap), size > BloscFrame.prefixBytes {
                try unsafe readBlocks(
                    object,
                    copy: copy,
                    encoded: encoded,
                    into: destination,
                    gap: gap,
                    scratch: scratch
                )
            } else {
                try unsafe object.read(0, into: encoded)
                try unsafe decode(encoded, copy: copy, into: destination, scratch: scratch)
            }
        }
    }

    /// What ``read(_:_:into:gap:_:)`` will ask for; reads the beginning of the chunk to know it.
    func ranges(
        _ object: any ObjectReader,
        overlap: ChunkOverlap,
        gap: Int,
        scratch: DecodeScratch
    ) throws -> [Range<Int>] {
        let copy = overlap.copy(representation)
        let size = try object.size()
        guard readsBlocks(copy, gap: gap), size > BloscFrame.prefixBytes else { return [0..<size] }
        return try unsafe scratch.encoded.withBytes(size) { encoded in
            guard let frame = try unsafe readFrame(object, copy: copy, encoded: encoded) else { return [0..<size] }
            return try unsafe frame.ranges(touchedBy: copy, UnsafeRawBufferPointer(encoded), gap: gap)
        }
    }

    /// Whether to read single blocks of a chunk and not all of it.
    func readsBlocks(_ copy: RegionCopy, gap: Int) -> Bool {
        // What is left out is about as well compressed as the rest, here taken to half its size.
        let savedBytes = (representation.byteCount - copy.spannedBytes(gap: 2 * gap)) / 2
        return isBloscOnly && savedBytes > gap
    }

    /// Decodes the wanted part of a chunk's stored bytes into its places; the bytes are changed meanwhile.
    func decode(
        _ bytes: UnsafeMutableRawBufferPointer,
        copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        if let frame = try unsafe bloscFrame(bytes), let found = try unsafe blocks(of: frame, copy) {
            return try unsafe decodeBlocks(found, bytes: frame, copy: copy, into: destination, scratch: scratch)
        }
        if let whole = copy.wholeSource {
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: destination[whole])
            return try unsafe decode(UnsafeRawBufferPointer(bytes), into: part)
        }
        try unsafe scratch.decoded.withBytes(representation.byteCount) { chunk in
            try unsafe decode(UnsafeRawBufferPointer(bytes), into: chunk)
            unsafe copy.run(from: UnsafeRawBufferPointer(chunk), into: destination)
        }
    }

    /// The Blosc frame in stored bytes whose checksums are true; nil where there are other codecs than those.
    private func bloscFrame(_ bytes: UnsafeMutableRawBufferPointer) throws -> UnsafeMutableRawBufferPointer? {
        guard isBloscAndChecksums else { return nil }
        var frame = unsafe bytes
        for codec in bytesToBytes.dropFirst().reversed() {
            guard let view = try unsafe codec.view(UnsafeRawBufferPointer(frame)) else { return nil }
            unsafe frame = unsafe UnsafeMutableRawBufferPointer(rebasing: frame[..<view.count])
        }
        return unsafe frame
    }

    private func blocks(of bytes: UnsafeMutableRawBufferPointer, _ copy: RegionCopy) throws -> BloscFrame? {
        guard bytes.count >= BloscFrame.headerBytes else { return nil }
        let header = UnsafeRawBufferPointer(bytes)
        return try unsafe BloscFrame(header, decodedCount: copy.sourceBytes, encodedCount: bytes.count)
    }

    /// Reads header, block starts and touched blocks to their places in `encoded`, then decodes those blocks.
    private func readBlocks(
        _ object: any ObjectReader,
        copy: RegionCopy,
        encoded: UnsafeMutableRawBufferPointer,
        into destination: UnsafeMutableRawBufferPointer,
        gap: Int,
        scratch: DecodeScratch
    ) throws {
        guard let frame = try unsafe readFrame(object, copy: copy, encoded: encoded) else {
            try unsafe object.read(0, into: encoded)
            return try unsafe decode(encoded, copy: copy, into: destination, scratch: scratch)
        }
        for range in try unsafe frame.ranges(touchedBy: copy, UnsafeRawBufferPointer(encoded), gap: gap) {
            try unsafe object.read(range.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: encoded[range]))
        }
        try unsafe decodeBlocks(frame, bytes: encoded, copy: copy, into: destination, scratch: scratch)
    }

    /// Reads header and block starts to their places in `encoded`; nil when blocks cannot be told apart.
    private func readFrame(
        _ object: any ObjectReader,
        copy: RegionCopy,
        encoded: UnsafeMutableRawBufferPointer
    ) throws -> BloscFrame? {
        let prefix = BloscFrame.prefixBytes
        object.expectScatteredReads()
        try unsafe object.read(0, into: UnsafeMutableRawBufferPointer(rebasing: encoded[..<prefix]))
        let bytes = UnsafeRawBufferPointer(encoded)
        guard let frame = try unsafe BloscFrame(bytes, decodedCount: copy.sourceBytes, encodedCount: encoded.count)
        else { return nil }
        if frame.startsEnd > prefix {
            let starts = unsafe UnsafeMutableRawBufferPointer(rebasing: encoded[prefix..<frame.startsEnd])
            try unsafe object.read(prefix, into: starts)
        }
        return frame
    }

    private func decodeBlocks(
        _ frame: BloscFrame,
        bytes: UnsafeMutableRawBufferPointer,
        copy: RegionCopy,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        try unsafe scratch.block.withBytes(min(frame.blockBytes, frame.decodedBytes)) { block in
            try unsafe frame.decode(bytes, copy: copy, into: destination, block: block)
        }
    }
}
