// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/gzip/index.html
// RFC 1952: https://www.rfc-editor.org/rfc/rfc1952
// {"name": "gzip", "configuration": {"level": 6}}
import CDeflate

/// Gzip.
///
/// Wraps `libdeflate_gzip_compress` and `libdeflate_gzip_decompress_ex`.
struct GzipCodec: BytesToBytesCodec {
    private let level: Int

    init(_ description: CodecDescription) throws {
        level = try description.integer("level", default: 6, in: 0...9)
    }

    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        guard let compressor = unsafe libdeflate_alloc_compressor(Int32(level)) else {
            throw PipelineError(.system, "codec gzip: no memory")
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

    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        let count = try unsafe decompress(bytes, into: result)
        guard count == result.count else {
            throw CodecDescription.corrupt("gzip", "\(count) bytes come out where \(result.count) belong")
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        try unsafe EncodedBytes.make(capacity: limit) { try unsafe decompress(bytes, into: $0) }
    }

    /// Decodes one member after another and returns how many bytes came out.
    private func decompress(
        _ bytes: UnsafeRawBufferPointer,
        into result: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        guard let decompressor = unsafe libdeflate_alloc_decompressor() else {
            throw PipelineError(.system, "codec gzip: no memory")
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
                throw CodecDescription.corrupt("gzip", "libdeflate says \(status.rawValue)")
            }
            read += consumed
            written += produced
        } while read < bytes.count
        return written
    }
}
