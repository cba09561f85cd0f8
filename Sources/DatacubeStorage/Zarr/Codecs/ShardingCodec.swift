// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/sharding-indexed/index.html
// {"name": "sharding_indexed", "configuration": {"chunk_shape": [32, 32],
//   "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}],
//   "index_codecs": [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "crc32c"}],
//   "index_location": "end"}}

/// Inner chunks one after another in one object, with an index of where each lies before or behind them.
struct ShardingCodec: ArrayToBytesCodec {
    let representation: ChunkRepresentation
    /// The inner chunks in the shard.
    let grid: ChunkGrid
    /// The codecs of an inner chunk.
    let inner: CodecPipeline
    let index: CodecPipeline
    let indexBytes: Int
    let location: ShardIndexLocation
    let chunkCount: Int
    let gridStrides: [Int]

    init(_ description: CodecDescription, representation: ChunkRepresentation) throws {
        let chunkShape = try ArrayMetadata.lengths(description.configuration["chunk_shape"], name: "inner chunk_shape")
        guard chunkShape.count == representation.shape.count,
            zip(representation.shape, chunkShape).allSatisfy({ $1 > 0 && $0 % $1 == 0 })
        else {
            throw description.invalid("chunk_shape", expected: "a divisor of the shard's shape \(representation.shape)")
        }
        guard representation.dataType != .string else {
            throw PipelineError(.unsupported, "codec sharding_indexed with the data type string")
        }
        let place = description.configuration["index_location"]?.stringValue ?? "end"
        guard let location = ShardIndexLocation(rawValue: place) else {
            throw description.invalid("index_location", expected: "start or end")
        }
        self.representation = representation
        self.location = location
        grid = ChunkGrid(arrayShape: representation.shape, chunkShape: chunkShape)
        gridStrides = Shape.strides(grid.shape)
        chunkCount = Shape.count(grid.shape)
        var chunk = representation
        chunk.shape = chunkShape
        inner = try CodecPipeline(
            CodecDescription.list(description.configuration["codecs"]),
            representation: chunk,
            isInner: true
        )
        let indexCodecs = try CodecDescription.list(description.configuration["index_codecs"])
        (index, indexBytes) = try Self.indexPipeline(indexCodecs, gridShape: grid.shape)
    }

    /// The index's codecs and its stored size, which must be known before it is read.
    private static func indexPipeline(
        _ codecs: [CodecDescription],
        gridShape: [Int]
    ) throws -> (CodecPipeline, Int) {
        guard codecs.allSatisfy({ $0.name == "bytes" || $0.name == "crc32c" }) else {
            throw PipelineError(.unsupported, "codec sharding_indexed: index_codecs other than bytes and crc32c")
        }
        let chunk = ChunkRepresentation(shape: gridShape + [2], dataType: .uint64, fillValue: [])
        guard let bytes = Shape.checkedCount(chunk.shape + [8]), bytes <= 1 << 30 else {
            throw PipelineError(.unsupported, "codec sharding_indexed: \(gridShape) inner chunks are too many")
        }
        let checksums = codecs.count { $0.name == "crc32c" }
        return (
            try CodecPipeline(codecs, representation: chunk, isInner: true), bytes + ChecksumCodec.overhead * checksums
        )
    }

    func encode(_ shard: UnsafeRawBufferPointer) throws -> [UInt8] {
        var entries = ShardIndex(chunkCount: chunkCount)
        var bytes = [UInt8](repeating: 0, count: location == .start ? indexBytes : 0)
        try DecodeScratch.withScratch { scratch in
            try unsafe scratch.decoded.withBytes(inner.representation.byteCount) { chunk in
                for (number, place) in grid.indices.enumerated() {
                    unsafe copy(of: place).run(from: shard, into: chunk)
                    let content = UnsafeRawBufferPointer(chunk)
                    if unsafe FillPattern.fills(representation.fillValue, bytes: content) { continue }
                    let encoded = try unsafe inner.encode(content)
                    entries[number] = bytes.count..<bytes.count + encoded.count
                    bytes += encoded
                }
            }
        }
        let encodedIndex = try entries.encoded(by: index)
        if location == .end { return bytes + encodedIndex }
        bytes.replaceSubrange(..<indexBytes, with: encodedIndex)
        return bytes
    }

    /// The runs from a shard to one inner chunk.
    private func copy(of place: [Int]) -> RegionCopy {
        RegionCopy(
            sourceShape: representation.shape,
            sourceStart: zip(place, grid.chunkShape).map { $0 * $1 },
            destinationShape: grid.chunkShape,
            destinationStart: grid.chunkShape.map { _ in 0 },
            count: grid.chunkShape,
            elementBytes: representation.elementBytes
        )
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into shard: UnsafeMutableRawBufferPointer) throws {
        guard bytes.count >= indexBytes else {
            throw CodecDescription.corrupt("sharding_indexed", "\(bytes.count) bytes hold no index")
        }
        let stored = unsafe location == .start ? bytes[..<indexBytes] : bytes[(bytes.count - indexBytes)...]
        let entries = try unsafe decodeIndex(UnsafeRawBufferPointer(rebasing: stored), shardBytes: bytes.count)
        let whole = ChunkOverlap(
            chunkRegion: representation.shape.map { 0..<$0 },
            destinationStart: representation.shape.map { _ in 0 },
            destinationShape: representation.shape
        )
        try DecodeScratch.withScratch { scratch in
            for part in parts(of: whole, entries) {
                let copy = part.overlap.copy(inner.representation)
                guard let range = part.range else {
                    unsafe copy.fill(shard, with: representation.fillValue)
                    continue
                }
                try unsafe scratch.decoded.withBytes(inner.representation.byteCount) { chunk in
                    try unsafe inner.decode(UnsafeRawBufferPointer(rebasing: bytes[range]), into: chunk)
                    unsafe copy.run(from: UnsafeRawBufferPointer(chunk), into: shard)
                }
            }
        }
    }
}
