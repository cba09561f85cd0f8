@testable import DatacubeStorage

extension Parser {
    private static let shape = [2, 1, 40, 40]
    private static let blosc = CodecDescription.blosc("zstd", typeSize: 2, blockSize: 512)
    private static let sharding = CodecDescription.shardingIndexed(
        chunkShape: [1, 1, 16, 16],
        codecs: [.bytes, blosc]
    )

    /// Documents and chunks of arrays.
    static let arrays = [
        Parser("zarr-array", seeds: { $0.hasSuffix("zarr.json") }) { bytes in
            let metadata = try ArrayMetadata(json: JSONValue(parsing: bytes, named: "zarr.json"))
            _ = try ZarrArray(store: MemoryStore(), path: "", metadata: metadata)
            let again = try ArrayMetadata(json: metadata.json)
            // By their texts: a fill value that is no number equals nothing.
            precondition(
                again.json.serialized() == metadata.json.serialized(),
                "metadata do not survive their document"
            )
        },
        Parser("zarr-group", seeds: { $0.hasSuffix("0m/zarr.json") }) { bytes in
            let store = try Seeds.cube()
            try store.put("zarr.json", bytes, durability: .deferred)
            _ = try Cube.open(store, path: "")?.geocoding()
        },
        Parser("shard", seeds: { $0.hasSuffix("chunk/sharding") }) { try read(chunk: $0, [sharding]) },
        Parser("blosc", seeds: { $0.hasSuffix("chunk/blosc") }) { try read(chunk: $0, [.bytes, blosc]) },
        Parser("zstd", seeds: { $0.hasSuffix("chunk/zstd") }) { try read(chunk: $0, [.bytes, .zstd(), .crc32c]) },
        Parser("gzip", seeds: { $0.hasSuffix("chunk/gzip") }) {
            try read(chunk: $0, [.transpose([1, 0, 3, 2]), .bytes, .gzip()])
        },
        Parser("texts", seeds: { $0.hasSuffix("chunk/texts") }) { bytes in
            let array = try array([.vlenUTF8, .zstd()], type: .string, shape: [9], fill: "")
            try array.store.put(array.key(ofChunk: [0]), bytes, durability: .deferred)
            _ = try array.readAllStrings()
        },
    ]

    /// Valid chunks, by the name of what codes them.
    static func chunks() throws -> [String: [UInt8]] {
        let codings: [(String, [CodecDescription])] = [
            ("sharding", [sharding]), ("blosc", [.bytes, blosc]), ("zstd", [.bytes, .zstd(), .crc32c]),
            ("gzip", [.transpose([1, 0, 3, 2]), .bytes, .gzip()]),
        ]
        var chunks: [String: [UInt8]] = [:]
        for (name, codecs) in codings {
            let array = try array(codecs)
            try array.writeAll((0..<3200).map { UInt16($0 * $0 / 7 % 999) })
            chunks[name] = try array.store.get(array.key(ofChunk: [0, 0, 0, 0]))
        }
        let texts = try array([.vlenUTF8, .zstd()], type: .string, shape: [9], fill: "")
        try texts.writeAll(strings: (0..<9).map { String(repeating: "text", count: $0) })
        chunks["texts"] = try texts.store.get(texts.key(ofChunk: [0]))
        return chunks
    }

    private static func array(
        _ codecs: [CodecDescription],
        type: DataType = .uint16,
        shape: [Int] = shape,
        fill: FillValue = 0
    ) throws -> ZarrArray {
        let metadata = ArrayMetadata(
            shape: shape,
            chunkShape: shape.map { $0 == 40 ? 48 : $0 },
            dataType: type,
            fillValue: fill,
            codecs: codecs
        )
        return try ZarrArray(store: MemoryStore(), path: "array", metadata: metadata)
    }

    private static func read(chunk: [UInt8], _ codecs: [CodecDescription]) throws {
        let array = try array(codecs)
        try array.store.put(array.key(ofChunk: [0, 0, 0, 0]), chunk, durability: .deferred)
        // All of it, and a part that lies across inner chunks and blocks.
        for region in [shape.map { 0..<$0 }, [1..<2, 0..<1, 13..<19, 3..<40]] {
            var bytes = [UInt8](repeating: 0, count: array.byteCount(of: region))
            try bytes.withUnsafeMutableBytes { try array.read(region: region, into: $0) }
        }
    }
}
