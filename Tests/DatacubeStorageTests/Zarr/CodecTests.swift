import DatacubeStorage
import Testing

@Suite struct CodecTests {
    static let shape = [5, 3, 70, 61]
    static let chunkShape = [2, 3, 32, 16]
    static let inner = [1, 3, 16, 8]

    /// Every codec alone and in the combinations that writers use; JSON as the codecs' files show it.
    static let chains: [String] = [
        #"[{"name": "bytes", "configuration": {"endian": "little"}}]"#,
        #"[{"name": "bytes", "configuration": {"endian": "big"}}]"#,
        #"[{"name": "transpose", "configuration": {"order": [3, 0, 1, 2]}}, "bytes-little"]"#,
        #"[{"name": "transpose", "configuration": {"order": [1, 0, 3, 2]}}, {"name": "transpose", "configuration": {"order": [2, 0, 1, 3]}}, "bytes-little", {"name": "zstd", "configuration": {"level": 1, "checksum": true}}]"#,
        #"["bytes-little", {"name": "blosc", "configuration": {"cname": "lz4", "clevel": 5, "shuffle": "bitshuffle", "typesize": 2, "blocksize": 0}}]"#,
        #"["bytes-little", {"name": "blosc", "configuration": {"cname": "zstd", "clevel": 1, "shuffle": "shuffle", "typesize": 2, "blocksize": 512}}]"#,
        #"["bytes-little", {"name": "blosc", "configuration": {"cname": "blosclz", "clevel": 9, "shuffle": "noshuffle", "typesize": 1, "blocksize": 1024}}]"#,
        #"["bytes-little", {"name": "blosc", "configuration": {"cname": "lz4hc", "clevel": 3, "shuffle": "bitshuffle", "typesize": 2, "blocksize": 256}}]"#,
        #"["bytes-little", {"name": "blosc", "configuration": {"cname": "zlib", "clevel": 0, "shuffle": "noshuffle", "typesize": 2, "blocksize": 300}}]"#,
        #"["bytes-little", {"name": "zstd", "configuration": {"level": 3, "checksum": false}}, {"name": "crc32c"}]"#,
        #"["bytes-little", {"name": "gzip", "configuration": {"level": 6}}]"#,
        #"["bytes-little", {"name": "gzip", "configuration": {"level": 1}}, {"name": "blosc", "configuration": {"cname": "lz4", "clevel": 1, "shuffle": "noshuffle", "typesize": 1, "blocksize": 0}}, "crc32c"]"#,
        #"["bytes-little", "crc32c"]"#,
        sharding(codecs: #"["bytes-little"]"#),
        sharding(codecs: #"["bytes-little", {"name": "zstd", "configuration": {"level": 3}}]"#, location: "start"),
        sharding(codecs: bloscInner, index: #"["bytes-little"]"#),
        sharding(
            codecs: #"[{"name": "transpose", "configuration": {"order": [0, 3, 2, 1]}}, "bytes-little", "crc32c"]"#
        ),
        sharding(codecs: bloscInner, after: #", {"name": "gzip", "configuration": {"level": 1}}, "crc32c""#),
    ]

    static let bloscInner =
        #"["bytes-little", {"name": "blosc", "configuration": {"cname": "lz4", "clevel": 5, "shuffle": "bitshuffle", "typesize": 2, "blocksize": 128}}]"#

    static func sharding(
        codecs: String,
        index: String = #"["bytes-little", {"name": "crc32c"}]"#,
        location: String = "end",
        after: String = ""
    ) -> String {
        #"[{"name": "sharding_indexed", "configuration": {"chunk_shape": \#(inner), "codecs": \#(codecs), "#
            + #""index_codecs": \#(index), "index_location": "\#(location)"}}\#(after)]"#
    }

    static func metadata(_ chain: String) throws -> ArrayMetadata {
        let little = #"{"name": "bytes", "configuration": {"endian": "little"}}"#
        let text = """
            {"zarr_format": 3, "node_type": "array", "shape": \(shape), "data_type": "uint16", "fill_value": 7,
             "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": \(chunkShape)}},
             "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
             "codecs": \(chain.replacing("\"bytes-little\"", with: little)),
             "dimension_names": ["time", "band", null, "x"], "attributes": {"a": 1}}
            """
        return try ArrayMetadata(json: JSONValue(parsing: Array(text.utf8), named: "example"))
    }

    static func written(_ chain: String, to store: any ObjectStore) throws -> (ZarrArray, [UInt16]) {
        var random = SeededGenerator(seed: 5)
        var pixels = random.pixels(5 * 3 * 70 * 61)
        // The last date is missing altogether: its chunks, and inner chunks of a shard, are not stored.
        for index in pixels.indices.suffix(3 * 70 * 61) { pixels[index] = 7 }
        let array = try ZarrArray.create(store: store, path: "data", metadata: metadata(chain))
        try array.writeAll(pixels)
        return (array, pixels)
    }

    @Test(arguments: chains) func roundTripsWholeAndInParts(_ chain: String) async throws {
        let store = MemoryStore()
        let (_, pixels) = try CodecTests.written(chain, to: store)
        let array = try ZarrArray.open(store: store, path: "data")
        #expect(array.metadata == (try CodecTests.metadata(chain)))
        #expect(try array.readAll(UInt16.self) == pixels)
        let executor = BlockingExecutor(width: 3)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<40 {
            let region = random.region(of: CodecTests.shape)
            let part = try await array.values(region, on: executor)
            #expect(part == slice(pixels, shape: CodecTests.shape, region: region), "\(region)")
        }
    }

    /// A damaged chunk is an error that names it, or, where no codec has a checksum, other values; never a crash.
    @Test(arguments: chains) func damageIsNoticed(_ chain: String) throws {
        let store = MemoryStore()
        let (array, _) = try CodecTests.written(chain, to: store)
        let key = "data/c/0/0/0/0"
        let bytes = try #require(try store.get(key))
        for count in [0, 1, 3, 15, bytes.count / 2, bytes.count - 1] {
            try store.put(key, Array(bytes[..<count]), durability: .deferred)
            let error = #expect(throws: PipelineError.self) { try array.readAll(UInt16.self) }
            #expect(error?.message.contains("memory/" + key) == true)
        }
        var random = SeededGenerator(seed: 3)
        for _ in 0..<300 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Bool.random(using: &random) ? min(40, bytes.count) : bytes.count
                damaged[Int.random(in: 0..<place, using: &random)] = UInt8(truncatingIfNeeded: random.next())
            }
            try store.put(key, damaged, durability: .deferred)
            let changed = try? array.readAll(UInt16.self)
            if chain.hasSuffix(#""crc32c"]"#), damaged != bytes { #expect(changed == nil) }
            _ = try? array.values([0..<1, 0..<1, 3..<9, 2..<40])
        }
    }

    @Test func flippedBitInAChecksummedChunkNamesTheKey() throws {
        let store = MemoryStore()
        let (array, _) = try CodecTests.written(#"["bytes-little", "crc32c"]"#, to: store)
        var bytes = try #require(try store.get("data/c/0/0/1/0"))
        bytes[100] ^= 1
        try store.put("data/c/0/0/1/0", bytes, durability: .deferred)
        let error = #expect(throws: PipelineError.self) { try array.readAll(UInt16.self) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.hasPrefix("chunk memory/data/c/0/0/1/0: codec crc32c: the checksum is") == true)
    }
}

extension ZarrArray {
    func values(_ region: [Range<Int>], on executor: BlockingExecutor) async throws -> [UInt16] {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount(of: region), alignment: 64)
        defer { memory.deallocate() }
        try await read(region: region, into: memory, on: executor)
        return Array(memory.bindMemory(to: UInt16.self))
    }

    func values(_ region: [Range<Int>]) throws -> [UInt16] {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount(of: region), alignment: 64)
        defer { memory.deallocate() }
        try read(region: region, into: memory)
        return Array(memory.bindMemory(to: UInt16.self))
    }
}
