/// What is known of four rows of a column of coefficients, and of their neighbours' significance.
///
/// Bits 0 to 17: is significant, three columns of six rows, the column's own four in the middle. Then for each of the
/// four rows: is visited in this bit-plane (18, 21, …), was refined before (19, 22, …), is negative (20, 23, …). Bits
/// 30 and 31: the coefficients above and below are negative.
struct ColumnWord {
    private var bits: UInt32 = 0

    private static let itself: UInt32 = 1 << 4
    private static let everyItself: UInt32 = itself | itself << 3 | itself << 6 | itself << 9
    private static let visited: UInt32 = 1 << 18
    private static let everyVisited: UInt32 = visited | visited << 3 | visited << 6 | visited << 9
    private static let refined: UInt32 = 1 << 19

    /// Nothing within or around the column is significant.
    var isEmpty: Bool { bits == 0 }
    /// Something within or around it is.
    var hasSignificant: Bool { bits & 0x3FFFF != 0 }
    var areAllSignificant: Bool { bits & Self.everyItself == Self.everyItself }
    /// Every row is significant or was visited.
    var areAllDone: Bool { (bits | bits >> 14) & Self.everyItself == Self.everyItself }

    @inline(__always)
    func isSignificant(_ row: Int) -> Bool { bits & Self.itself << (3 * row) != 0 }
    @inline(__always)
    func isDone(_ row: Int) -> Bool { bits & (Self.itself | Self.visited) << (3 * row) != 0 }

    /// Three rows around a coefficient, itself included.
    @inline(__always)
    func neighbourhood(_ row: Int) -> UInt32 { bits >> (3 * row) & 0b111_111_111 }

    /// The eight neighbours of an insignificant coefficient, as ``CodingContexts/significance(_:)`` counts them.
    @inline(__always)
    func neighbours(_ row: Int) -> UInt32 { bits >> (3 * row) & 0b111_101_111 }

    /// It is significant, and not since this bit-plane.
    @inline(__always)
    func needsRefinement(_ row: Int) -> Bool {
        bits >> (3 * row) & (Self.itself | Self.visited) == Self.itself
    }

    @inline(__always)
    func isRefined(_ row: Int) -> Bool { bits & Self.refined << (3 * row) != 0 }

    /// The neighbours that count for the sign, as ``CodingContexts/signs`` counts them.
    @inline(__always)
    func signIndex(_ row: Int, left: ColumnWord, right: ColumnWord) -> UInt32 {
        let above = row == 0 ? bits >> 30 : bits >> (17 + 3 * row)
        let below = row == 3 ? bits >> 31 : bits >> (23 + 3 * row)
        let leftOne = left.bits >> (20 + 3 * row) & 1
        let rightOne = right.bits >> (20 + 3 * row) & 1
        return bits >> (3 * row) & 0b1010_1010 | above & 1 | leftOne << 2 | rightOne << 4 | (below & 1) << 6
    }

    mutating func clearVisited() { bits &= ~Self.everyVisited }
    @inline(__always)
    mutating func markVisited(_ row: Int) { bits |= Self.visited << (3 * row) }
    @inline(__always)
    mutating func markRefined(_ row: Int) { bits |= Self.refined << (3 * row) }
    @inline(__always)
    mutating func markSignificant(_ row: Int, sign: UInt32) {
        bits |= (Self.itself | sign << 20) << (3 * row)
    }

    /// The coefficient of a row to the left or right became significant; -1 is the row above, 4 the one below.
    @inline(__always)
    mutating func markLeft(_ row: Int) { bits |= 1 << (3 * row + 3) }
    @inline(__always)
    mutating func markRight(_ row: Int) { bits |= 1 << (3 * row + 5) }
    @inline(__always)
    mutating func markAbove(sign: UInt32) { bits |= 1 << 1 | sign << 30 }
    @inline(__always)
    mutating func markBelow(sign: UInt32) { bits |= 1 << 16 | sign << 31 }
}
