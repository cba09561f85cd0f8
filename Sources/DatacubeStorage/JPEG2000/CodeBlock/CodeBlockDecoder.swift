// Coefficient bit modelling, ITU-T T.800 | ISO/IEC 15444-1, annex D.

/// Decodes code-blocks, one after another, with buffers of its own.
///
/// Bound: 6 bytes a coefficient of the largest block, of which the standard allows 4096, and its codeword, 8 KB as a rule.
@safe struct CodeBlockDecoder: ~Copyable {
    /// One for four rows of a column, and a column more on either side, a row of words above and below.
    private let words: UnsafeMutablePointer<ColumnWord>
    /// Four rows of a column after another: magnitude × 2, half a step more where bit-planes are missing; bit 31: is
    /// negative.
    let coefficients: UnsafeMutablePointer<UInt32>
    private let contexts: UnsafeMutablePointer<ArithmeticContext>
    private let initialContexts: UnsafeMutablePointer<ArithmeticContext>
    private let nodes: UnsafeMutablePointer<ArithmeticContext.Node>
    /// ``CodingContexts/significance(_:)`` of the four kinds of subbands, then ``CodingContexts/signs``.
    private let tables: UnsafeMutablePointer<UInt8>
    private var codeword: [UInt8] = []

    // The most are needed by the lowest of blocks, of one row of words.
    private static let mostWords = (CodeBlock.longestSide + 2) * 3

    init() {
        unsafe words = .allocate(capacity: Self.mostWords)
        unsafe coefficients = .allocate(capacity: CodeBlock.mostCoefficients)
        unsafe contexts = .allocate(capacity: CodingContexts.count)
        unsafe nodes = ArithmeticContext.makeNodes()
        let nodes = unsafe nodes
        unsafe initialContexts = Self.copy(
            CodingContexts.initialStates.map { unsafe ArithmeticContext($0, nodes: nodes) }
        )
        unsafe tables = Self.copy(Self.allTables)
    }

    deinit {
        unsafe words.deallocate()
        unsafe coefficients.deallocate()
        unsafe contexts.deallocate()
        unsafe initialContexts.deallocate()
        unsafe nodes.deallocate()
        unsafe tables.deallocate()
    }

    private static let allTables = SubbandKind.allCases.flatMap(CodingContexts.significance) + CodingContexts.signs

    private static func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: elements.count)
        for (index, element) in elements.enumerated() { unsafe (copy + index).initialize(to: element) }
        return unsafe copy
    }

    /// Decodes the passes of a block into ``coefficients``; its data lies in `bytes`.
    ///
    /// - Returns: Whether the data are a codeword.
    mutating func decode(_ block: CodeBlock, kind: SubbandKind, from bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let stripes = (block.window.height + 3) / 4
        unsafe words.update(repeating: ColumnWord(), count: (block.window.width + 2) * (stripes + 2))
        unsafe coefficients.update(repeating: 0, count: 4 * block.window.width * stripes)
        unsafe contexts.update(from: initialContexts, count: CodingContexts.count)
        codeword.removeAll(keepingCapacity: true)
        unsafe codeword.append(contentsOf: bytes[block.data])
        codeword += [0xFF, 0xFF]
        return unsafe codeword.withUnsafeBufferPointer { codeword in
            guard let start = codeword.baseAddress else { return false }
            return unsafe decode(block, significance: tables + 512 * kind.rawValue, decoder: ArithmeticDecoder(start))
        }
    }

    private func decode(
        _ block: CodeBlock,
        significance: UnsafePointer<UInt8>,
        decoder: consuming ArithmeticDecoder
    ) -> Bool {
        var passes = unsafe CodingPasses(
            words: words,
            coefficients: coefficients,
            contexts: contexts,
            significance: significance,
            signs: tables + 512 * SubbandKind.allCases.count,
            width: block.window.width,
            height: block.window.height,
            decoder: decoder
        )
        for pass in 2..<(block.passCount + 2) {
            // The lowest bit of a coefficient is the half that stands for what was not coded.
            let plane = UInt32(block.bitPlanes - pass / 3)
            switch pass % 3 {
            case 0: passes.propagateSignificance(plane)
            case 1: passes.refineMagnitudes(plane)
            default: passes.cleanUp(plane)
            }
        }
        return !passes.decoder.isDamaged
    }
}
