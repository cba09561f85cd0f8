// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#codecs

/// A codec as the metadata names it: what to do, not yet bound to a chunk.
public struct CodecDescription: Sendable, Equatable {
    /// The specification's name.
    public var name: String
    /// Its parameters.
    public var configuration: [String: JSONValue]

    /// Creates a description; whether the configuration makes sense is found out when an array is made of it.
    public init(name: String, configuration: [String: JSONValue] = [:]) {
        self.name = name
        self.configuration = configuration
    }

    init(json: JSONValue) throws {
        guard let name = json.stringValue ?? json["name"]?.stringValue else {
            throw PipelineError(.corrupt, "codecs: \(json.serialized()) has no name")
        }
        self.init(name: name, configuration: json["configuration"]?.objectValue ?? [:])
    }

    static func list(_ json: JSONValue?) throws -> [CodecDescription] {
        guard let elements = json?.arrayValue else { throw PipelineError(.corrupt, "codecs is not a list") }
        return try elements.map(Self.init(json:))
    }

    var json: JSONValue {
        configuration.isEmpty
            ? ["name": .string(name)] : ["name": .string(name), "configuration": .object(configuration)]
    }
}

extension CodecDescription {
    /// Elements one after another in little-endian order.
    public static let bytes = CodecDescription(name: "bytes", configuration: ["endian": "little"])
    /// Text elements with their lengths.
    public static let vlenUTF8 = CodecDescription(name: "vlen-utf8")
    /// A checksum behind the bytes.
    public static let crc32c = CodecDescription(name: "crc32c")

    /// Axes in another order: axis `i` of the stored chunk is axis `order[i]` of the array.
    public static func transpose(_ order: [Int]) -> CodecDescription {
        CodecDescription(name: "transpose", configuration: ["order": .array(order.map(JSONValue.int))])
    }

    /// Blosc with a compressor such as `lz4` or `zstd`; a block size of 0 leaves it to Blosc.
    public static func blosc(
        _ compressor: String = "lz4",
        level: Int = 5,
        shuffle: BloscShuffle = .bitshuffle,
        typeSize: Int,
        blockSize: Int = 0
    ) -> CodecDescription {
        CodecDescription(
            name: "blosc",
            configuration: [
                "cname": .string(compressor), "clevel": .int(level), "shuffle": .string(shuffle.rawValue),
                "typesize": .int(typeSize), "blocksize": .int(blockSize),
            ]
        )
    }

    /// Zstandard frames.
    public static func zstd(level: Int = 3, checksum: Bool = false) -> CodecDescription {
        CodecDescription(name: "zstd", configuration: ["level": .int(level), "checksum": .bool(checksum)])
    }

    /// Gzip members.
    public static func gzip(level: Int = 6) -> CodecDescription {
        CodecDescription(name: "gzip", configuration: ["level": .int(level)])
    }

    /// Many inner chunks in one object, with an index of where each lies.
    public static func shardingIndexed(
        chunkShape: [Int],
        codecs: [CodecDescription],
        indexCodecs: [CodecDescription] = [.bytes, .crc32c],
        indexLocation: ShardIndexLocation = .end
    ) -> CodecDescription {
        CodecDescription(
            name: "sharding_indexed",
            configuration: [
                "chunk_shape": .array(chunkShape.map(JSONValue.int)), "codecs": .array(codecs.map(\.json)),
                "index_codecs": .array(indexCodecs.map(\.json)), "index_location": .string(indexLocation.rawValue),
            ]
        )
    }
}

/// How Blosc rearranges bytes or bits before it compresses.
public enum BloscShuffle: String, Sendable, CaseIterable {
    case noshuffle, shuffle, bitshuffle
}

/// Where a shard keeps its index.
public enum ShardIndexLocation: String, Sendable {
    case start, end
}
