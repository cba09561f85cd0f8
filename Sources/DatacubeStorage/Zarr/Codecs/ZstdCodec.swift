// https://github.com/zarr-developers/zarr-extensions/tree/main/codecs/zstd
// {"name": "zstd", "configuration": {"level": 3, "checksum": false}}

/// Zstandard.
struct ZstdCodec: BytesToBytesCodec {
    private let level: Int
    private let hasChecksum: Bool

    init(_ description: CodecDescription) throws {
        level = try description.integer("level", default: 3, in: Zstandard.levels)
        hasChecksum = try description.bool("checksum", default: false)
    }

    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        try unsafe Zstandard.compress(bytes, level: level, hasChecksum: hasChecksum)
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        let count = try unsafe Zstandard.decompress(bytes, into: result)
        guard count == result.count else {
            throw CodecDescription.corrupt("zstd", "\(count) bytes come out where \(result.count) belong")
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        let capacity = unsafe Zstandard.decodedSize(of: bytes, limit: limit)
        return try unsafe EncodedBytes.make(capacity: capacity) { try unsafe Zstandard.decompress(bytes, into: $0) }
    }
}
