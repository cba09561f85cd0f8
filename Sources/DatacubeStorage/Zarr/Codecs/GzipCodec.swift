// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/gzip/index.html
// {"name": "gzip", "configuration": {"level": 6}}

/// Gzip.
struct GzipCodec: BytesToBytesCodec {
    private let level: Int

    init(_ description: CodecDescription) throws {
        level = try description.integer("level", default: 6, in: 0...9)
    }

    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] { try unsafe Gzip.compress(bytes, level: level) }

    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        let count = try unsafe Gzip.decompress(bytes, into: result)
        guard count == result.count else {
            throw CodecDescription.corrupt("gzip", "\(count) bytes come out where \(result.count) belong")
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        try unsafe EncodedBytes.make(capacity: limit) { try unsafe Gzip.decompress(bytes, into: $0) }
    }
}
