// https://github.com/zarr-developers/zarr-extensions/tree/main/codecs/zstd
// RFC 8878: https://www.rfc-editor.org/rfc/rfc8878
// {"name": "zstd", "configuration": {"level": 3, "checksum": false}}
import CZstd

/// Zstandard.
///
/// Wraps `ZSTD_compress2` and `ZSTD_decompress`.
struct ZstdCodec: BytesToBytesCodec {
    private let level: Int
    private let checksum: Bool

    init(_ description: CodecDescription) throws {
        level = try description.integer("level", default: 3, in: Int(ZSTD_minCLevel())...Int(ZSTD_maxCLevel()))
        checksum = try description.bool("checksum", default: false)
    }

    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard let context = unsafe ZSTD_createCCtx() else { throw PipelineError(.system, "codec zstd: no memory") }
        defer { unsafe ZSTD_freeCCtx(context) }
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
        return try unsafe EncodedBytes.make(capacity: ZSTD_compressBound(bytes.count)) { result in
            let count = unsafe ZSTD_compress2(context, result.baseAddress, result.count, bytes.baseAddress, bytes.count)
            guard ZSTD_isError(count) == 0 else { throw PipelineError(.system, "codec zstd", cause: message(count)) }
            return count
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        let count = try unsafe decompress(bytes, into: result)
        guard count == result.count else {
            throw CodecDescription.corrupt("zstd", "\(count) bytes come out where \(result.count) belong")
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        // The two largest values say "unknown" and "not a frame"; what follows finds out which.
        let announced = unsafe ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        let capacity = announced <= UInt64(limit) ? Int(announced) : limit
        return try unsafe EncodedBytes.make(capacity: capacity) { try unsafe decompress(bytes, into: $0) }
    }

    private func decompress(
        _ bytes: UnsafeRawBufferPointer,
        into result: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        let count = unsafe ZSTD_decompress(result.baseAddress, result.count, bytes.baseAddress, bytes.count)
        guard ZSTD_isError(count) == 0 else { throw CodecDescription.corrupt("zstd", message(count)) }
        return count
    }

    private func message(_ code: Int) -> String { unsafe String(cString: ZSTD_getErrorName(code)) }
}
