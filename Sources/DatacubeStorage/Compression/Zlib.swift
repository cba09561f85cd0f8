// RFC 1950: https://www.rfc-editor.org/rfc/rfc1950
import CDeflate

/// Decoding of the zlib format, in which TIFF keeps deflated tiles.
///
/// Wraps `libdeflate_zlib_decompress`.
enum Zlib {
    /// Version of libdeflate.
    static let version = LIBDEFLATE_VERSION_STRING

    /// Decodes a stream that holds exactly `result.count` bytes.
    static func decompress(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
            throw PipelineError(.system, "zlib: no memory")
        }
        defer { unsafe libdeflate_free_decompressor(decompressor) }
        let status = unsafe libdeflate_zlib_decompress(
            decompressor,
            bytes.baseAddress,
            bytes.count,
            result.baseAddress,
            result.count,
            nil
        )
        guard status == LIBDEFLATE_SUCCESS else {
            throw PipelineError(.corrupt, "zlib: the data are damaged", cause: "libdeflate says \(status.rawValue)")
        }
    }
}
