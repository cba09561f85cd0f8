// The MQ decoder of ITU-T T.800 | ISO/IEC 15444-1, annex C.

/// A state of table C.2 in one of its two senses, with what follows it.
struct ArithmeticState {
    /// The more probable symbol, 0 or 1.
    let symbol: UInt32
    /// How far the interval of the less probable symbol has to be shifted to have its full size again.
    let shift: UInt32
    /// `Qe`, the interval of the less probable symbol, at the decoder's scale.
    let lessProbable: Int64
    /// Positions among ``all`` of the states that follow the more and the less probable symbol.
    let next: (more: Int, less: Int)

    /// Both senses of the 47 states, at 2 × state + more probable symbol.
    static let all: [ArithmeticState] = transitions.indices.flatMap { state in
        let (interval, more, less, switches) = transitions[state]
        return (0...1).map { symbol in
            ArithmeticState(
                symbol: UInt32(symbol),
                shift: UInt32(UInt16(interval).leadingZeroBitCount),
                lessProbable: Int64(interval) << ArithmeticDecoder.scale,
                next: (2 * more + symbol, 2 * less + (switches ? 1 - symbol : symbol))
            )
        }
    }

    // Table C.2: Qe, next state after the more and the less probable symbol, whether the latter changes sense.
    private static let transitions: [(Int, Int, Int, Bool)] = [
        (0x5601, 1, 1, true), (0x3401, 2, 6, false), (0x1801, 3, 9, false), (0x0AC1, 4, 12, false),
        (0x0521, 5, 29, false), (0x0221, 38, 33, false), (0x5601, 7, 6, true), (0x5401, 8, 14, false),
        (0x4801, 9, 14, false), (0x3801, 10, 14, false), (0x3001, 11, 17, false), (0x2401, 12, 18, false),
        (0x1C01, 13, 20, false), (0x1601, 29, 21, false), (0x5601, 15, 14, true), (0x5401, 16, 14, false),
        (0x5101, 17, 15, false), (0x4801, 18, 16, false), (0x3801, 19, 17, false), (0x3401, 20, 18, false),
        (0x3001, 21, 19, false), (0x2801, 22, 19, false), (0x2401, 23, 20, false), (0x2201, 24, 21, false),
        (0x1C01, 25, 22, false), (0x1801, 26, 23, false), (0x1601, 27, 24, false), (0x1401, 28, 25, false),
        (0x1201, 29, 26, false), (0x1101, 30, 27, false), (0x0AC1, 31, 28, false), (0x09C1, 32, 29, false),
        (0x08A1, 33, 30, false), (0x0521, 34, 31, false), (0x0441, 35, 32, false), (0x02A1, 36, 33, false),
        (0x0221, 37, 34, false), (0x0141, 38, 35, false), (0x0111, 39, 36, false), (0x0085, 40, 37, false),
        (0x0049, 41, 38, false), (0x0025, 42, 39, false), (0x0015, 43, 40, false), (0x0009, 44, 41, false),
        (0x0005, 45, 42, false), (0x0001, 45, 43, false), (0x5601, 46, 46, false),
    ]
}

/// An adaptive context: a state, and what a decoder needs first of it.
///
/// A symbol is decoded from the one before it, so that what counts is how soon the next one's interval is known: each
/// state has at hand those of both states that may follow.
@safe struct ArithmeticContext {
    /// A state with its followers in memory.
    @safe struct Node {
        fileprivate let symbol: UInt32
        fileprivate let shift: Int64
        fileprivate let more: ArithmeticContext
        fileprivate let less: ArithmeticContext
    }

    fileprivate var lessProbable: Int64
    fileprivate var node: UnsafePointer<Node>

    /// A context in a state of ``ArithmeticState/all``, by its position.
    init(_ state: Int, nodes: UnsafePointer<Node>) {
        lessProbable = ArithmeticState.all[state].lessProbable
        unsafe node = unsafe nodes + state
    }

    /// Makes the nodes of all states; whoever asks for them has to deallocate them.
    static func makeNodes() -> UnsafeMutablePointer<Node> {
        let nodes = UnsafeMutablePointer<Node>.allocate(capacity: ArithmeticState.all.count)
        for (position, state) in ArithmeticState.all.enumerated() {
            let more = unsafe ArithmeticContext(state.next.more, nodes: nodes)
            let less = unsafe ArithmeticContext(state.next.less, nodes: nodes)
            let node = Node(symbol: state.symbol, shift: Int64(state.shift), more: more, less: less)
            unsafe (nodes + position).initialize(to: node)
        }
        return unsafe nodes
    }
}

/// The interval and the code register of one arithmetic codeword.
///
/// As in the standard, but that the code register has 64 bits, so that bytes are taken several at once, and that all that
/// depends on the symbol is worked out without branches, which no processor could predict.
@safe struct ArithmeticDecoder {
    /// How far a 16-bit number of the standard stands to the left in the registers.
    static let scale: Int64 = 47
    private static let half = Int64(0x8000) << scale
    private static let quarter = Int64(0x4000) << scale

    private var interval = half
    private var code: Int64
    /// Low bits of `code` that wait for bytes.
    private var vacant: Int64 = 54
    /// The byte that was taken last.
    private var last: UnsafePointer<UInt8>

    /// Begins a codeword whose bytes are followed by 0xFF, 0xFF: what a decoder reads past the end (C.3.4).
    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>) {
        // The first bit of the codeword is the second of the standard's 16-bit register.
        code = unsafe Int64(bytes[0]) << 54
        unsafe last = unsafe bytes
        fill()
    }

    /// Decodes one symbol.
    @inline(__always)
    mutating func decode(_ context: inout ArithmeticContext) -> UInt32 {
        let lessProbable = context.lessProbable
        let node = unsafe context.node
        interval &-= lessProbable
        let above = code &- lessProbable
        if (interval &- Self.half) | above >= 0 {
            code = above
            return unsafe node.pointee.symbol
        }
        // Figures C.16 and C.17: the less probable symbol's interval lies below; when it is the larger, it stands for
        // the more probable symbol. Masks of ones and zeros stand for "is below" and "is less".
        let below = above >> 63
        let less = below ^ ((interval &- lessProbable) >> 63)
        let symbol = unsafe node.pointee.symbol ^ UInt32(truncatingIfNeeded: less & 1)
        context = less == 0 ? unsafe node.pointee.more : unsafe node.pointee.less
        // What is left to the more probable symbol is more than a quarter of the largest interval.
        let moreShift = 1 &- ((interval &- Self.quarter) >> 63)
        let shift = unsafe moreShift ^ ((moreShift ^ node.pointee.shift) & below)
        code = (above &+ (below & lessProbable)) &<< shift
        interval = (interval ^ ((interval ^ lessProbable) & below)) &<< shift
        vacant &+= shift
        // A shift is of at most 15 bits, so that 47 - 32 of them are enough for the next one.
        if vacant >= 32 { fill() }
        return symbol
    }

    /// Whether the bytes are not those of a codeword; what is decoded from then on means nothing.
    var isDamaged: Bool { vacant < 0 }
    // So far below any number of vacant bits that no codeword is long enough to come back from there.
    private static let damaged = Int64.min / 2

    /// Takes bytes while there is room; a byte after 0xFF brings seven bits and may carry into those before (C.3.4).
    @inline(__always)
    private mutating func fill() {
        while vacant >= 8 {
            let byte = unsafe Int64(last[1])
            if unsafe last[0] == 0xFF {
                if byte > 0x8F {
                    code &+= (1 &<< vacant) &- 1
                    vacant = 0
                    return
                }
                if byte > 0x7F { return carry(byte) }
                vacant &+= 1
            }
            vacant &-= 8
            code &+= byte &<< vacant
            unsafe last += 1
        }
    }

    /// Takes a byte that carries, when all bits before it have been decoded from: that is when the standard does, and a
    /// symbol that is decoded earlier must not see the carry.
    ///
    /// No encoder makes one that carries beyond the interval.
    @inline(never)
    private mutating func carry(_ byte: Int64) {
        guard vacant > Self.scale else { return }
        vacant &-= 7
        code &+= byte &<< vacant
        unsafe last += 1
        if code >= interval { vacant = Self.damaged } else { fill() }
    }
}
