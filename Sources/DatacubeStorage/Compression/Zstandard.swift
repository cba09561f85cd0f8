// RFC 8878: https://www.rfc-editor.org/rfc/rfc8878
import CZstd

/// Zstandard.
///
/// Wraps `ZSTD_compress2` and `ZSTD_decompress`.
enum Zstandard {
    /// The levels of compression that the library has.
    static let levels = Int(ZSTD_minCLevel())...Int(ZSTD_maxCLevel())
    /// The library's version.
    static let version = unsafe String(cString: ZSTD_versionString())

    /// Compresses into one frame, with a checksum of the content or without.
    static func compress(_ bytes: UnsafeRawBufferPointer, level: Int, hasChecksum: Bool) throws -> [UInt8] {
        guard let context = unsafe ZSTD_createCCtx() else { throw PipelineError(.system, "zstd: no memory") }
        defer { unsafe ZSTD_freeCCtx(context) }
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, hasChecksum ? 1 : 0)
        return try unsafe EncodedBytes.make(capacity: ZSTD_compressBound(bytes.count)) { result in
            let count = unsafe ZSTD_compress2(context, result.baseAddress, result.count, bytes.baseAddress, bytes.count)
            guard ZSTD_isError(count) == 0 else { throw PipelineError(.system, "zstd", cause: message(count)) }
            return count
        }
    }

    /// Decodes and returns how many bytes came out.
    static func decompress(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = unsafe ZSTD_decompress(result.baseAddress, result.count, bytes.baseAddress, bytes.count)
        guard ZSTD_isError(count) == 0 else {
            throw PipelineError(.corrupt, "zstd: the data are damaged", cause: message(count))
        }
        return count
    }

    /// How many bytes the first frame says it holds, at most `limit`, which stands for an unknown number too.
    static func decodedSize(of bytes: UnsafeRawBufferPointer, limit: Int) -> Int {
        // The two largest values say "unknown" and "not a frame"; what follows finds out which.
        let announced = unsafe ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        return announced <= UInt64(limit) ? Int(announced) : limit
    }

    private static func message(_ code: Int) -> String { unsafe String(cString: ZSTD_getErrorName(code)) }
}
