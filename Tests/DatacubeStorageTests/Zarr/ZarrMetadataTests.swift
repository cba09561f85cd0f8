import DatacubeStorage
import Testing

@Suite struct ZarrMetadataTests {
    /// A valid document with one member replaced.
    private func document(_ name: String = "attributes", _ value: JSONValue? = [:]) -> JSONValue {
        var members: [String: JSONValue] = [
            "zarr_format": 3, "node_type": "array", "shape": [10, 20], "data_type": "uint16", "fill_value": 0,
            "chunk_grid": ["name": "regular", "configuration": ["chunk_shape": [4, 5]]],
            "chunk_key_encoding": ["name": "default"],
            "codecs": [["name": "bytes", "configuration": ["endian": "little"]]],
        ]
        members[name] = value
        return .object(members)
    }

    private func open(_ json: JSONValue) throws -> ZarrArray {
        let store = MemoryStore()
        try store.put("a/zarr.json", Array(json.serialized().utf8), durability: .deferred)
        return try ZarrArray.open(store: store, path: "a")
    }

    private static let bytes: JSONValue = ["name": "bytes", "configuration": ["endian": "little"]]
    private static let crc: JSONValue = ["name": "crc32c"]

    static let hostile: [(String, JSONValue?)] = [
        ("zarr_format", 2), ("zarr_format", nil), ("node_type", "group"), ("shape", nil), ("shape", [10]),
        ("shape", [-1, 20]), ("shape", [10, 1.5]), ("shape", "10"), ("shape", [.int(.max), 2]),
        ("shape", [4_294_967_296, 4_294_967_296]), ("data_type", "float16"), ("data_type", 3), ("data_type", nil),
        ("data_type", ["name": "uint16", "configuration": ["x": 1]]), ("fill_value", nil), ("fill_value", -1),
        ("fill_value", 65536), ("fill_value", "NaN"), ("fill_value", true), ("fill_value", 1.5),
        ("chunk_grid", ["name": "rectangular"]), ("chunk_grid", nil), ("chunk_key_encoding", ["name": "v9"]),
        ("chunk_grid", ["name": "regular", "configuration": ["chunk_shape": [0, 5]]]),
        ("chunk_grid", ["name": "regular", "configuration": ["chunk_shape": [-4, 5]]]),
        ("chunk_grid", ["name": "regular", "configuration": ["chunk_shape": [4]]]),
        ("chunk_grid", ["name": "regular", "configuration": ["chunk_shape": [.int(.max), .int(.max)]]]),
        ("chunk_key_encoding", ["name": "default", "configuration": ["separator": "../"]]),
        ("codecs", []), ("codecs", nil), ("codecs", [crc]), ("codecs", [crc, bytes]), ("codecs", [bytes, bytes]),
        ("codecs", [bytes, ["name": "transpose", "configuration": ["order": [1, 0]]]]),
        ("codecs", [["name": "transpose", "configuration": ["order": [1, 1]]], bytes]),
        ("codecs", [["name": "transpose", "configuration": ["order": [0, 1, 2]]], bytes]),
        ("codecs", [["name": "bytes"]]), ("codecs", [bytes, ["name": "lzma"]]), ("codecs", [bytes, ["x": "y"]]),
        ("codecs", [bytes, ["name": "gzip", "configuration": ["level": 99]]]),
        ("codecs", [bytes, ["name": "blosc", "configuration": ["cname": "snappy"]]]),
        ("codecs", [["name": "vlen-utf8"]]),
        ("codecs", [["name": "sharding_indexed", "configuration": ["chunk_shape": [3, 5], "codecs": [bytes]]]]),
        ("codecs", [["name": "sharding_indexed", "configuration": ["chunk_shape": [0, 5], "codecs": [bytes]]]]),
        ("storage_transformers", [["name": "x"]]),
        ("chunk_grid", ["name": "regular", "configuration": ["chunk_shape": [1_000_000, 1_000_000]]]),
        ("dimension_names", ["x"]), ("attributes", 3),
        ("extra", ["must_understand": true]), ("extra", 7),
    ]

    @Test(arguments: hostile) func refusesWhatItCannotRead(_ name: String, _ value: JSONValue?) {
        let error = #expect(throws: PipelineError.self) { try open(document(name, value)) }
        #expect(error?.message.contains("memory/a/zarr.json") == true)
        #expect(error?.description.contains("\n") == false)
    }

    @Test func acceptsWhatNeedNotBeUnderstood() throws {
        #expect(try open(document("extra", ["must_understand": false])).metadata.shape == [10, 20])
        #expect(
            try open(document("codecs", ["crc32c", Self.bytes].reversed().map { $0 }.asJSON)).metadata.codecs.count == 2
        )
        #expect(try open(document("shape", [0, 20])).readAll(UInt16.self) == [])
    }

    @Test func whatDoesNotFitMemoryIsRefusedWhenReadAsAWhole() throws {
        let array = try open(document("shape", [1_000_000_000, 1_000_000_000]))
        #expect(throws: PipelineError.self) { try array.readAll(UInt16.self) }
        #expect(try array.values([999_999_999..<1_000_000_000, 0..<2]) == [0, 0])
    }

    @Test func missingArrayIsNotFound() {
        let error = #expect(throws: PipelineError.self) { try ZarrArray.open(store: MemoryStore(), path: "x") }
        #expect(error?.code == .notFound)
    }

    @Test(arguments: [
        (DataType.float32, FillValue.floatingPoint(.nan), JSONValue.string("NaN")),
        (.float64, .floatingPoint(-.infinity), "-Infinity"),
        (.float64, .bits(0x7FF8_0000_0000_0001), "0x7ff8000000000001"),
        (.bool, true, true), (.int8, -3, -3), (.uint64, .integer(.max), .int(.max)), (.string, "x", "x"),
    ])
    func fillValuesKeepTheirForm(_ type: DataType, _ fill: FillValue, _ json: JSONValue) throws {
        let codecs: [CodecDescription] = type == .string ? [.vlenUTF8] : [.bytes]
        let metadata = ArrayMetadata(shape: [2], chunkShape: [2], dataType: type, fillValue: fill, codecs: codecs)
        #expect(metadata.json["fill_value"] == json)
        let text = metadata.json.serialized()
        let read = try ArrayMetadata(json: JSONValue(parsing: Array(text.utf8), named: "test"))
        #expect(read.json.serialized() == text)
    }

    @Test(arguments: [
        (ChunkKeyEncoding(), [1, 2], "c/1/2"), (ChunkKeyEncoding(.default, separator: "."), [1, 2], "c.1.2"),
        (ChunkKeyEncoding(.v2), [1, 2], "1.2"), (ChunkKeyEncoding(.v2, separator: "/"), [1, 2], "1/2"),
        (ChunkKeyEncoding(), [], "c"), (ChunkKeyEncoding(.v2), [], "0"),
    ])
    func chunkKeys(_ encoding: ChunkKeyEncoding, _ index: [Int], _ key: String) {
        #expect(encoding.key(index) == key)
    }
}

extension [JSONValue] {
    fileprivate var asJSON: JSONValue { .array(self) }
}
