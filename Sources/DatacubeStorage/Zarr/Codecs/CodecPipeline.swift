// https://zarr-specs.readthedocs.io/en/latest/v3/core/index.html#chunk-encoding

/// The codecs of an array, bound to its chunks: checked once, run many times.
final class CodecPipeline: Sendable {
    /// The codec in the middle, which turns elements into bytes.
    enum Serializer: Sendable {
        case bytes(BytesCodec)
        case sharding(ShardingCodec)
        case text(VLenUTF8Codec)
    }

    /// A chunk is decoded in memory as a whole; shards are not.
    private static let largestChunk = 1 << 32

    let representation: ChunkRepresentation
    let serializer: Serializer
    private let arrayToArray: [any ArrayToArrayCodec]
    let bytesToBytes: [any BytesToBytesCodec]

    /// Binds the descriptions to a chunk; their order must be array → array, array → bytes, bytes → bytes.
    ///
    /// Codecs inside a shard (`isInner`) cannot be shards again.
    init(_ descriptions: [CodecDescription], representation: ChunkRepresentation, isInner: Bool = false) throws {
        var current = representation
        var (arrayToArray, bytesToBytes): ([any ArrayToArrayCodec], [any BytesToBytesCodec]) = ([], [])
        var serializer: Serializer?
        for description in descriptions {
            if let codec = try BytesToBytesCodecs.make(description, representation: current) {
                guard serializer != nil else { throw Self.misplaced(description) }
                bytesToBytes.append(codec)
            } else {
                guard serializer == nil else { throw Self.misplaced(description) }
                if description.name == "transpose" {
                    let codec = try TransposeCodec(description, representation: current)
                    current = codec.encoded
                    arrayToArray.append(codec)
                } else {
                    serializer = try Self.serializer(description, representation: current, isInner: isInner)
                }
            }
        }
        guard let serializer else {
            throw PipelineError(.unsupported, "codecs: none turns the array into bytes; 'bytes' is missing")
        }
        self.representation = representation
        self.serializer = serializer
        self.arrayToArray = arrayToArray
        self.bytesToBytes = bytesToBytes
        guard onlySharding != nil || representation.byteCount <= Self.largestChunk else {
            throw PipelineError(.unsupported, "chunks of shape \(representation.shape) have more than 4 GiB")
        }
    }

    private static func serializer(
        _ description: CodecDescription,
        representation: ChunkRepresentation,
        isInner: Bool
    ) throws -> Serializer {
        switch description.name {
        case "bytes": return .bytes(try BytesCodec(description, representation: representation))
        case "vlen-utf8": return .text(try VLenUTF8Codec(representation))
        case "sharding_indexed" where !isInner:
            return .sharding(try ShardingCodec(description, representation: representation))
        default: throw PipelineError(.unsupported, "codec '\(description.name)' is not known to these tools here")
        }
    }

    private static func misplaced(_ description: CodecDescription) -> PipelineError {
        PipelineError(
            .unsupported,
            "codecs: '\(description.name)' is out of order; array to array, then one array to bytes, then bytes to bytes"
        )
    }

    /// Whether chunks hold their elements in C order and this machine's byte order before bytes → bytes codecs.
    private var isPlain: Bool {
        guard case .bytes(let codec) = serializer else { return false }
        return arrayToArray.isEmpty && !codec.swaps
    }

    /// Whether Blosc is the only codec that changes anything, so that single blocks can be decoded.
    var isBloscOnly: Bool { isBloscAndChecksums && bytesToBytes.count == 1 }

    /// Whether checksums around Blosc are all there is besides.
    var isBloscAndChecksums: Bool {
        isPlain && bytesToBytes.first is BloscCodec && bytesToBytes.dropFirst().allSatisfy { $0 is ChecksumCodec }
    }

    /// The sharding codec, where it is the only one, so that inner chunks can be read alone.
    var onlySharding: ShardingCodec? {
        guard case .sharding(let codec) = serializer, arrayToArray.isEmpty, bytesToBytes.isEmpty else { return nil }
        return codec
    }
}

extension CodecPipeline {
    /// The stored form of a whole chunk in C order.
    func encode(_ chunk: UnsafeRawBufferPointer) throws -> [UInt8] {
        precondition(chunk.count == representation.byteCount)
        return try unsafe encode(chunk, after: 0)
    }

    private func encode(_ chunk: UnsafeRawBufferPointer, after done: Int) throws -> [UInt8] {
        guard done < arrayToArray.count else { return try unsafe serialize(chunk) }
        let rearranged = unsafe EncodedBytes.make(capacity: chunk.count) { result in
            unsafe arrayToArray[done].encode(chunk, into: result)
            return chunk.count
        }
        return try unsafe rearranged.withUnsafeBytes { try unsafe encode($0, after: done + 1) }
    }

    private func serialize(_ chunk: UnsafeRawBufferPointer) throws -> [UInt8] {
        if case .bytes(let codec) = serializer, !codec.swaps, let first = bytesToBytes.first {
            return try unsafe compress(first.encode(chunk), after: 1)
        }
        switch serializer {
        case .bytes(let codec): return try unsafe compress(codec.encode(chunk), after: 0)
        case .sharding(let codec): return try unsafe compress(codec.encode(chunk), after: 0)
        case .text: throw PipelineError(.mismatch, "text cannot be encoded from memory of fixed-size elements")
        }
    }

    private func compress(_ bytes: [UInt8], after done: Int) throws -> [UInt8] {
        try bytesToBytes[done...].reduce(bytes) { bytes, codec in
            try unsafe bytes.withUnsafeBytes { try unsafe codec.encode($0) }
        }
    }

    /// The stored form of a whole chunk of text.
    func encode(text elements: [String]) throws -> [UInt8] {
        guard case .text(let codec) = serializer else { throw PipelineError(.mismatch, "the array does not hold text") }
        return try compress(codec.encode(elements), after: 0)
    }
}

extension CodecPipeline {
    /// Decodes stored bytes, which must make exactly the chunk.
    func decode(_ bytes: UnsafeRawBufferPointer, into chunk: UnsafeMutableRawBufferPointer) throws {
        precondition(chunk.count == representation.byteCount)
        try unsafe decode(bytes, into: chunk, arraysLeft: arrayToArray.count)
    }

    private func decode(
        _ bytes: UnsafeRawBufferPointer,
        into chunk: UnsafeMutableRawBufferPointer,
        arraysLeft: Int
    ) throws {
        guard arraysLeft > 0 else { return try unsafe decompress(bytes, remaining: bytesToBytes.count, into: chunk) }
        // The first codec of the list was the first to encode, so it is the last to decode.
        let codec = arrayToArray[arrayToArray.count - arraysLeft]
        let rearranged = try unsafe EncodedBytes.make(capacity: chunk.count) { result in
            try unsafe decode(bytes, into: result, arraysLeft: arraysLeft - 1)
            return chunk.count
        }
        unsafe rearranged.withUnsafeBytes { unsafe codec.decode($0, into: chunk) }
    }

    private func decompress(
        _ bytes: UnsafeRawBufferPointer,
        remaining: Int,
        into chunk: UnsafeMutableRawBufferPointer
    ) throws {
        if remaining == 1, case .bytes(let codec) = serializer {
            try unsafe bytesToBytes[0].decode(bytes, into: chunk)
            if codec.swaps { unsafe codec.swapInPlace(chunk) }
            return
        }
        try unsafe unwrap(bytes, remaining: remaining, downTo: fixedSize ? 1 : 0) { bytes, remaining in
            guard remaining == 0 else { return try unsafe decompress(bytes, remaining: remaining, into: chunk) }
            switch serializer {
            case .bytes(let codec): try unsafe codec.decode(bytes, into: chunk)
            case .sharding(let codec): try unsafe codec.decode(bytes, into: chunk)
            case .text: throw PipelineError(.mismatch, "text cannot be decoded into memory of fixed-size elements")
            }
        }
    }

    private var fixedSize: Bool {
        if case .bytes = serializer { true } else { false }
    }

    /// Undoes bytes → bytes codecs, last first, until `last` remain.
    private func unwrap(
        _ bytes: UnsafeRawBufferPointer,
        remaining: Int,
        downTo last: Int,
        body: (UnsafeRawBufferPointer, Int) throws -> Void
    ) throws {
        guard remaining > last else { return try unsafe body(bytes, remaining) }
        let codec = bytesToBytes[remaining - 1]
        if let view = try unsafe codec.view(bytes) {
            return try unsafe unwrap(view, remaining: remaining - 1, downTo: last, body: body)
        }
        let decoded = try unsafe codec.decode(bytes, limit: intermediateLimit)
        try unsafe decoded.withUnsafeBytes { try unsafe unwrap($0, remaining: remaining - 1, downTo: last, body: body) }
    }

    /// No codec makes a chunk much larger than it was; what claims to be is damaged.
    private var intermediateLimit: Int {
        fixedSize ? 2 * representation.byteCount + 1 << 16 : max(1 << 28, 2 * representation.byteCount + 1 << 16)
    }

    /// Decodes a chunk of text.
    func decodeText(_ bytes: UnsafeRawBufferPointer) throws -> [String] {
        guard case .text(let codec) = serializer else { throw PipelineError(.mismatch, "the array does not hold text") }
        var elements: [String] = []
        try unsafe unwrap(bytes, remaining: bytesToBytes.count, downTo: 0) { bytes, _ in
            elements = try unsafe codec.decode(bytes)
        }
        return elements
    }
}

/// The bytes → bytes codecs by name.
enum BytesToBytesCodecs {
    static func make(
        _ description: CodecDescription,
        representation: ChunkRepresentation
    ) throws -> (any BytesToBytesCodec)? {
        switch description.name {
        case "blosc": try BloscCodec(description, representation: representation)
        case "zstd": try ZstdCodec(description)
        case "gzip": try GzipCodec(description)
        case "crc32c": ChecksumCodec()
        default: nil
        }
    }
}
