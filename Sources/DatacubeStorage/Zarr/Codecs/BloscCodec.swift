// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/blosc/index.html
// https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
// {"name": "blosc", "configuration": {"cname": "lz4", "clevel": 5, "shuffle": "bitshuffle", "typesize": 2, "blocksize": 0}}
import CBlosc

/// Blosc 1: blocks that are shuffled by byte or bit and compressed one by one.
///
/// Wraps `blosc_compress_ctx` and `blosc_decompress_ctx` with one thread, which share nothing between calls.
struct BloscCodec: BytesToBytesCodec {
    private static let compressors = ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]
    /// The library's version.
    static let version = unsafe String(cString: blosc_get_version_string())

    private let compressor: String
    private let level: Int
    private let shuffle: Int32
    private let typeSize: Int
    private let blockSize: Int

    init(_ description: CodecDescription, representation: ChunkRepresentation) throws {
        compressor = description.configuration["cname"]?.stringValue ?? "lz4"
        guard Self.compressors.contains(compressor) else {
            throw description.invalid("cname", expected: "one of \(Self.compressors.joined(separator: ", "))")
        }
        level = try description.integer("clevel", default: 5, in: 0...9)
        blockSize = try description.integer("blocksize", default: 0, in: 0...Int(Int32.max))
        typeSize = try description.integer("typesize", default: representation.elementBytes, in: 1...1 << 20)
        let name = description.configuration["shuffle"]?.stringValue ?? "noshuffle"
        switch BloscShuffle(rawValue: name) {
        case .noshuffle: shuffle = BLOSC_NOSHUFFLE
        case .shuffle: shuffle = BLOSC_SHUFFLE
        case .bitshuffle: shuffle = BLOSC_BITSHUFFLE
        case nil: throw description.invalid("shuffle", expected: "noshuffle, shuffle or bitshuffle")
        }
    }

    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard bytes.count <= Int(Int32.max) - Int(BLOSC_MAX_OVERHEAD) else {
            throw PipelineError(
                .unsupported,
                "codec blosc: \(bytes.count) bytes are more than 2 GiB; choose smaller chunks"
            )
        }
        return try unsafe EncodedBytes.make(capacity: bytes.count + Int(BLOSC_MAX_OVERHEAD)) { result in
            let count = unsafe blosc_compress_ctx(
                Int32(level),
                shuffle,
                typeSize,
                bytes.count,
                bytes.baseAddress,
                result.baseAddress,
                result.count,
                compressor,
                blockSize,
                1
            )
            guard count > 0 else { throw PipelineError(.system, "codec blosc: \(compressor) failed with \(count)") }
            return Int(count)
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        try unsafe Self.validate(bytes, decodedCount: result.count)
        DecodedBytes.add(result.count)
        let count = unsafe blosc_decompress_ctx(bytes.baseAddress, result.baseAddress, result.count, 1)
        guard Int(count) == result.count else { throw CodecDescription.corrupt("blosc", "decoding returned \(count)") }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        var count = 0
        guard unsafe blosc_cbuffer_validate(bytes.baseAddress, bytes.count, &count) == 0, count <= limit else {
            throw CodecDescription.corrupt("blosc", "the header does not fit the \(bytes.count) bytes")
        }
        return try unsafe EncodedBytes.make(capacity: count) { result in
            try unsafe decode(bytes, into: result)
            return count
        }
    }

    /// Checks that the header announces these many bytes and that so many come out.
    private static func validate(_ bytes: UnsafeRawBufferPointer, decodedCount: Int) throws {
        var count = 0
        let status = unsafe blosc_cbuffer_validate(bytes.baseAddress, bytes.count, &count)
        guard status == 0, count == decodedCount else {
            throw CodecDescription.corrupt(
                "blosc",
                "the header does not fit the \(bytes.count) bytes, or the \(decodedCount) that should come out"
            )
        }
    }
}
