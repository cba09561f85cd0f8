import DatacubeStorage

/// Decoding one chunk of the seed layout that lies in memory, whole and in part: 256 rows are a block of Blosc's.
enum CodecCases {
    private static let shape = [10, 4, 512, 512]

    static func measure() throws -> [Measurement] {
        let codecs: [(String, [CodecDescription])] = [
            ("blosc lz4 5 bitshuffle", [.bytes, .blosc(typeSize: 2)]),
            ("blosc zstd 3 bitshuffle", [.bytes, .blosc("zstd", level: 3, typeSize: 2)]),
            ("zstd 3", [.bytes, .zstd()]),
            ("crc32c alone", [.bytes, .crc32c]),
        ]
        return try codecs.flatMap { name, codecs in
            let array = try array(codecs)
            return [
                try read(array, shape.map { 0..<$0 }, "decode \(name): chunk"),
                try read(array, [3..<4, 2..<3, 0..<256, 0..<512], "decode \(name): 256 of its rows"),
            ]
        }
    }

    private static func array(_ codecs: [CodecDescription]) throws -> ZarrArray {
        let metadata = ArrayMetadata(
            shape: shape,
            chunkShape: shape,
            dataType: .uint16,
            fillValue: 0,
            codecs: codecs
        )
        let array = try ZarrArray.create(store: MemoryStore(), path: "a", metadata: metadata)
        try array.writeAll(Samples.pixels(shape.reduce(1, *), rowLength: 512))
        return array
    }

    private static func read(_ array: ZarrArray, _ region: [Range<Int>], _ name: String) throws -> Measurement {
        let bytes = array.byteCount(of: region)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
        defer { memory.deallocate() }
        return try Measurement(name, bytes: bytes) { try array.read(region: region, into: memory) }
    }
}
