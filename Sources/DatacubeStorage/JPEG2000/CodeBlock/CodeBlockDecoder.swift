import CCodeBlock

/// Decodes code-blocks, one after another, with buffers of its own.
///
/// Bound: 62 KB, and the codeword of a block, 8 KB as a rule.
@safe struct CodeBlockDecoder: ~Copyable {
    private let decoder: OpaquePointer
    private var codeword: [UInt8] = []

    init() {
        let made = unsafe code_block_decoder_create(CodingContexts.significance, CodingContexts.signs)
        guard let made = unsafe made else { preconditionFailure("no memory for the decoder of code-blocks") }
        unsafe decoder = made
    }

    deinit { unsafe code_block_decoder_free(decoder) }

    /// Four rows of a column after another: magnitude × 2, half a step more where bit-planes are missing; bit 31: is
    /// negative.
    var coefficients: UnsafePointer<UInt32> { unsafe code_block_coefficients(decoder) }

    /// Decodes the passes of a block into ``coefficients``; its data lies in `bytes`.
    ///
    /// - Returns: Whether the data are a codeword.
    mutating func decode(_ block: CodeBlock, kind: SubbandKind, from bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let described = code_block(
            kind: Int32(kind.rawValue),
            width: Int32(block.window.width),
            height: Int32(block.window.height),
            bit_planes: Int32(block.bitPlanes),
            passes: Int32(block.passCount)
        )
        codeword.removeAll(keepingCapacity: true)
        unsafe codeword.append(contentsOf: bytes[block.data])
        codeword.append(contentsOf: repeatElement(0xFF, count: Int(codeword_padding)))
        return unsafe codeword.withUnsafeBufferPointer { codeword in
            guard let start = codeword.baseAddress else { return false }
            return unsafe code_block_decode(decoder, described, start) != 0
        }
    }
}
