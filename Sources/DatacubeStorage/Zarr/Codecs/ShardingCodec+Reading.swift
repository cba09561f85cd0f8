// Reads of a part of a shard: only the inner chunks that are wanted.

extension ShardingCodec {
    /// One inner chunk and what is wanted of it.
    struct Part: Sendable {
        let overlap: ChunkOverlap
        let range: Range<Int>?
    }

    /// Inner chunks that one read fetches.
    struct Run: Sendable {
        var range: Range<Int>
        var parts: [Part]
    }

    /// What a read of a shard comes to.
    struct Reads: Sendable {
        let missing: [ChunkOverlap]
        let runs: [Run]
    }

    /// What to read of a shard: neighbours together, up to a size that still keeps several threads busy.
    func reads(_ index: ShardIndex, overlap: ChunkOverlap, gap: Int) -> Reads {
        let parts = parts(of: overlap, index)
        return Reads(missing: parts.filter { $0.range == nil }.map(\.overlap), runs: runs(parts, gap: gap))
    }

    /// How many of a shard's last bytes its index takes; 0 where it comes first.
    var suffixBytes: Int { location == .end ? indexBytes : 0 }

    /// Reads the index of an open shard.
    func readIndex(_ object: any ObjectReader, size: Int) throws -> ShardIndex {
        let bytes = try unsafe EncodedBytes.make(capacity: indexBytes) { buffer in
            if location == .start {
                try unsafe object.read(0, into: buffer)
            } else {
                try unsafe object.readSuffix(into: buffer)
            }
            return indexBytes
        }
        return try unsafe bytes.withUnsafeBytes { try unsafe decodeIndex($0, shardBytes: size) }
    }

    /// Fetches a run and decodes its parts into their places.
    func read(
        _ run: Run,
        of object: any ObjectReader,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        try unsafe scratch.encoded.withBytes(run.range.count) { bytes in
            try unsafe object.read(run.range.lowerBound, into: bytes)
            for part in run.parts {
                try unsafe decode(
                    part,
                    bytes: bytes,
                    at: run.range.lowerBound,
                    into: destination,
                    scratch: scratch
                )
            }
        }
    }

    func decode(
        _ part: Part,
        bytes: UnsafeMutableRawBufferPointer,
        at start: Int,
        into destination: UnsafeMutableRawBufferPointer,
        scratch: DecodeScratch
    ) throws {
        guard let range = part.range else {
            return unsafe part.overlap.copy(inner.representation).fill(destination, with: representation.fillValue)
        }
        let encoded = unsafe UnsafeMutableRawBufferPointer(
            rebasing: bytes[range.lowerBound - start..<range.upperBound - start]
        )
        try unsafe inner.decode(
            encoded,
            copy: part.overlap.copy(inner.representation),
            into: destination,
            scratch: scratch
        )
    }

    func decodeIndex(_ bytes: UnsafeRawBufferPointer, shardBytes: Int) throws -> ShardIndex {
        try unsafe ShardIndex(bytes, chunkCount: chunkCount, codecs: index, shardBytes: shardBytes)
    }

    func parts(of overlap: ChunkOverlap, _ entries: ShardIndex) -> [Part] {
        grid.indices(touching: overlap.chunkRegion).map { place in
            let number = zip(place, gridStrides).reduce(0) { $0 + $1.0 * $1.1 }
            let part = grid.overlap(
                of: place,
                with: overlap.chunkRegion,
                start: overlap.destinationStart,
                destinationShape: overlap.destinationShape
            )
            return Part(overlap: part, range: entries[number])
        }
    }

    private func runs(_ parts: [Part], gap: Int) -> [Run] {
        let stored = parts.compactMap { part in part.range.map { (part: part, range: $0) } }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        return ByteRun.joining(stored.map(\.range), gap: gap, limit: max(8 * gap, 256 << 10)).map { run in
            Run(range: run.range, parts: stored[run.members].map(\.part))
        }
    }
}
