// RFC 1952: https://www.rfc-editor.org/rfc/rfc1952
import CDeflate

/// The gzip format.
///
/// Wraps `libdeflate_gzip_compress` and `libdeflate_gzip_decompress_ex`.
enum Gzip {
    /// Compresses into one member; `level` is 0 to 9.
    static func compress(_ bytes: UnsafeRawBufferPointer, level: Int) throws -> [UInt8] {
        guard let compressor = unsafe libdeflate_alloc_compressor(Int32(level)) else {
            throw PipelineError(.system, "gzip: no memory")
        }
        defer { unsafe libdeflate_free_compressor(compressor) }
        let bound = unsafe libdeflate_gzip_compress_bound(compressor, bytes.count)
        return unsafe EncodedBytes.make(capacity: bound) { result in
            unsafe libdeflate_gzip_compress(
                compressor,
                bytes.baseAddress,
                bytes.count,
                result.baseAddress,
                result.count
            )
        }
    }

    /// Decodes one member after another and returns how many bytes came out.
    static func decompress(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws -> Int {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
            throw PipelineError(.system, "gzip: no memory")
        }
        defer { unsafe libdeflate_free_decompressor(decompressor) }
        var (read, written) = (0, 0)
        repeat {
            let input = unsafe UnsafeRawBufferPointer(rebasing: bytes[read...])
            let output = unsafe UnsafeMutableRawBufferPointer(rebasing: result[written...])
            var (consumed, produced) = (0, 0)
            let status = unsafe libdeflate_gzip_decompress_ex(
                decompressor,
                input.baseAddress,
                input.count,
                output.baseAddress,
                output.count,
                &consumed,
                &produced
            )
            guard status == LIBDEFLATE_SUCCESS, consumed > 0 else {
                throw PipelineError(.corrupt, "gzip: the data are damaged", cause: "libdeflate says \(status.rawValue)")
            }
            read += consumed
            written += produced
        } while read < bytes.count
        return written
    }
}
