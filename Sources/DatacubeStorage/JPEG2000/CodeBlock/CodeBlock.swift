/// What the packets of a tile say about a code-block: coefficients of one subband that are coded by themselves.
struct CodeBlock: Sendable, Equatable {
    /// Where its coefficients lie in the subband.
    let window: PixelWindow
    /// Bit-planes from the first that is not all zero down to the lowest.
    let bitPlanes: Int
    /// Coding passes that there are, at most 3 × bitPlanes - 2.
    let passCount: Int
    /// Where its codeword lies in the tile's data.
    let data: Range<Int>

    /// The same block, its codeword somewhere else.
    func located(at data: Range<Int>) -> CodeBlock {
        CodeBlock(window: window, bitPlanes: bitPlanes, passCount: passCount, data: data)
    }

    /// More would not fit the 31 bits of a magnitude with its half.
    static let mostBitPlanes = 30
}
