import COpenJPEG

/// One decompression by OpenJPEG of a codestream in memory.
///
/// Wraps `opj_codec_t` and `opj_stream_t`.
@safe struct CodestreamDecoder: ~Copyable {
    /// OpenJPEG's version.
    static let version = unsafe String(cString: opj_version())

    private let path: String
    private let codec: UnsafeMutablePointer<opj_codec_t?>
    private let stream: UnsafeMutablePointer<opj_stream_t?>
    private let source: MemorySource
    private let messages: MessageLog

    init(_ codestream: [UInt8], path: String) throws(PipelineError) {
        let source = MemorySource(codestream)
        let messages = MessageLog()
        // OpenJPEG copies through a buffer of its own; the whole tile at once saves it the refills.
        guard let codec = unsafe opj_create_decompress(OPJ_CODEC_J2K) else {
            throw PipelineError(.system, "OpenJPEG has no memory to decode \(path)")
        }
        guard let stream = unsafe opj_stream_create(max(codestream.count, 4096), 1) else {
            unsafe opj_destroy_codec(codec)
            throw PipelineError(.system, "OpenJPEG has no memory to decode \(path)")
        }
        let context = unsafe Unmanaged.passUnretained(source).toOpaque()
        unsafe opj_stream_set_user_data(stream, context, nil)
        unsafe opj_stream_set_user_data_length(stream, UInt64(codestream.count))
        unsafe opj_stream_set_read_function(stream, readSource)
        unsafe opj_stream_set_skip_function(stream, skipSource)
        unsafe opj_stream_set_seek_function(stream, seekSource)
        unsafe opj_set_error_handler(codec, collectMessage, Unmanaged.passUnretained(messages).toOpaque())
        self.path = path
        unsafe self.codec = unsafe codec
        unsafe self.stream = unsafe stream
        self.source = source
        self.messages = messages
    }

    deinit {
        unsafe opj_stream_destroy(stream)
        unsafe opj_destroy_codec(codec)
    }

    /// Decodes a window and lends its samples, row by row, to `use`.
    func decode(
        _ window: PixelWindow,
        use: (UnsafeBufferPointer<Int32>) -> Void
    ) throws(PipelineError) {
        var parameters = opj_dparameters_t()
        unsafe opj_set_default_decoder_parameters(&parameters)
        var image: UnsafeMutablePointer<opj_image_t>?
        defer { unsafe opj_image_destroy(image) }
        let (x, y) = (window.columns, window.rows)
        guard unsafe opj_setup_decoder(codec, &parameters) != 0,
            unsafe opj_read_header(stream, codec, &image) != 0,
            unsafe opj_set_decode_area(
                codec,
                image,
                Int32(x.lowerBound),
                Int32(y.lowerBound),
                Int32(x.upperBound),
                Int32(y.upperBound)
            ) != 0,
            unsafe opj_decode(codec, stream, image) != 0
        else { throw failure() }
        guard let component = unsafe image?.pointee.comps, let samples = unsafe component.pointee.data,
            unsafe Int(component.pointee.w) == window.width, unsafe Int(component.pointee.h) == window.height
        else { throw failure() }
        unsafe use(UnsafeBufferPointer(start: samples, count: window.pixelCount))
    }

    private func failure() -> PipelineError {
        .undecodable(path, reason: messages.text)
    }
}

/// The bytes that OpenJPEG reads, and how far it has come.
private final class MemorySource {
    let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// OpenJPEG's error texts of one decompression.
private final class MessageLog {
    var text = ""
}

private func source(_ context: UnsafeMutableRawPointer?) -> MemorySource? {
    unsafe context.map { unsafe Unmanaged<MemorySource>.fromOpaque($0).takeUnretainedValue() }
}

private func readSource(_ buffer: UnsafeMutableRawPointer?, _ count: Int, _ context: UnsafeMutableRawPointer?) -> Int {
    // OpenJPEG's sign for "no more bytes" is (OPJ_SIZE_T)-1.
    guard let source = unsafe source(context), let buffer = unsafe buffer, source.position < source.bytes.count else {
        return -1
    }
    let part = min(count, source.bytes.count - source.position)
    let target = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: part)
    unsafe target.copyBytes(from: source.bytes[source.position..<(source.position + part)])
    source.position += part
    return part
}

private func skipSource(_ count: Int64, _ context: UnsafeMutableRawPointer?) -> Int64 {
    guard let source = unsafe source(context) else { return -1 }
    source.position = min(max(source.position + Int(count), 0), source.bytes.count)
    return count
}

private func seekSource(_ position: Int64, _ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let source = unsafe source(context), position >= 0, position <= Int64(source.bytes.count) else { return 0 }
    source.position = Int(position)
    return 1
}

private func collectMessage(_ message: UnsafePointer<CChar>?, _ context: UnsafeMutableRawPointer?) {
    guard let message = unsafe message, let context = unsafe context else { return }
    let log = unsafe Unmanaged<MessageLog>.fromOpaque(context).takeUnretainedValue()
    unsafe log.text += String(cString: message)
}
