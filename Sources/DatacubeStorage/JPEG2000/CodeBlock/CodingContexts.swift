// Contexts of the coefficient bit modelling, ITU-T T.800 | ISO/IEC 15444-1, D.3.

/// Which subband a code-block is of: horizontally and vertically low (L) or high (H).
enum SubbandKind: Int, Sendable, CaseIterable {
    case ll, hl, lh, hh

    /// 1 where it holds the horizontally or vertically high frequencies.
    var highAcross: Int { rawValue & 1 }
    var highDown: Int { rawValue >> 1 }
}

/// The tables that find contexts of significance and of signs, as `CCodeBlock` takes them.
enum CodingContexts {
    /// Those of all kinds of subbands.
    static let significance = SubbandKind.allCases.flatMap { significance($0) }

    /// Contexts of significance, table D.1, by the significance of 3 × 3 coefficients, row by row from bit 0; 0 where
    /// the one in the middle is significant itself, which has none.
    private static func significance(_ kind: SubbandKind) -> [UInt8] {
        (0..<512).map { neighbours in
            guard neighbours >> 4 & 1 == 0 else { return 0 }
            func count(_ bits: Int...) -> Int { bits.count { neighbours >> $0 & 1 == 1 } }
            let across = count(3, 5)
            let down = count(1, 7)
            let diagonal = count(0, 2, 6, 8)
            switch kind {
            case .ll, .lh: return significance(along: across, other: down, diagonal)
            case .hl: return significance(along: down, other: across, diagonal)
            case .hh: return significance(diagonal, straight: across + down)
            }
        }
    }

    private static func significance(along: Int, other: Int, _ diagonal: Int) -> UInt8 {
        switch (along, other, diagonal) {
        case (2, _, _): 8
        case (1, 1..., _): 7
        case (1, 0, 1...): 6
        case (1, 0, 0): 5
        case (0, 1..., _): UInt8(2 + other)
        default: UInt8(min(diagonal, 2))
        }
    }

    private static func significance(_ diagonal: Int, straight: Int) -> UInt8 {
        switch diagonal {
        case 3...: 8
        case 2: UInt8(6 + min(straight, 1))
        case 1: UInt8(3 + min(straight, 2))
        default: UInt8(min(straight, 2))
        }
    }

    /// Contexts of the sign, tables D.2 and D.3, times 2, plus 1 where the decoded bit is inverted.
    ///
    /// Indexed by pairs of bits, is negative and is significant, of the neighbours above, left, right and below.
    static let signs: [UInt8] = (0..<256).map { index in
        func contribution(_ bit: Int) -> Int { index >> (bit + 1) & 1 == 0 ? 0 : 1 - 2 * (index >> bit & 1) }
        let down = max(-1, min(1, contribution(0) + contribution(6)))
        let across = max(-1, min(1, contribution(2) + contribution(4)))
        let isInverted = across < 0 || across == 0 && down < 0
        let context = 9 + (across == 0 ? abs(down) : 3 + across * down)
        return UInt8(2 * context + (isInverted ? 1 : 0))
    }
}
