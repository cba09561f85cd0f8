import CCodeBlock
import Testing

@Suite struct ArithmeticDecoderTests {
    /// The test sequence of ITU-T T.88 | ISO/IEC 14492, H.2, whose decoder is the same.
    @Test func decodesThePublishedSequence() {
        let coded: [UInt8] = [
            0x84, 0xC7, 0x3B, 0xFC, 0xE1, 0xA1, 0x43, 0x04, 0x02, 0x20, 0x00, 0x00, 0x41, 0x0D, 0xBB, 0x86, 0xF4, 0x31,
            0x7F, 0xFF, 0x88, 0xFF, 0x37, 0x47, 0x1A, 0xDB, 0x6A, 0xDF, 0xFF, 0xAC,
        ]
        let decoded: [UInt8] = [
            0x00, 0x02, 0x00, 0x51, 0x00, 0x00, 0x00, 0xC0, 0x03, 0x52, 0x87, 0x2A, 0xAA, 0xAA, 0xAA, 0xAA, 0x82, 0xC0,
            0x20, 0x00, 0xFC, 0xD7, 0x9E, 0xF6, 0xBF, 0x7F, 0xED, 0x90, 0x4F, 0x46, 0xA3, 0xBF,
        ]
        var context = arithmetic_context_in(0)
        let bytes: [UInt8] = Self.padded(coded).withUnsafeBufferPointer { coded in
            var decoder = arithmetic_decoder_begin(coded.baseAddress!)
            return decoded.map { _ in
                (0..<8).reduce(0) { byte, _ in byte << 1 | UInt8(arithmetic_decoder_decode(&decoder, &context)) }
            }
        }
        #expect(bytes == decoded)
    }

    /// Bytes that no encoder makes decode as the standard's procedure says, or are noticed: a byte after 0xFF carries
    /// into bits that symbols were decoded from before.
    @Test func whateverTheBytesSymbolsAreThoseOfTheProcedure() {
        var random = SeededGenerator(seed: 3)
        var damaged = 0
        for _ in 0..<2000 {
            // Far more of such bytes than random ones have.
            let choices: [UInt8] = [0xFF, 0x80, 0x83, 0x8F, 0x7F, .random(in: 0...255, using: &random)]
            let bytes = (0..<60).map { _ in choices.randomElement(using: &random) ?? 0 }
            var procedure = StandardProcedure(Self.padded(bytes))
            Self.padded(bytes).withUnsafeBufferPointer { buffer in
                var decoder = arithmetic_decoder_begin(buffer.baseAddress!)
                var contexts = [arithmetic_context](repeating: arithmetic_context_in(0), count: 3)
                for number in 0..<600 where decoder.vacant >= 0 {
                    let context = number % 3
                    // Both ways to decode, in turn.
                    let symbol =
                        number & 4 == 0
                        ? arithmetic_decoder_decode(&decoder, &contexts[context])
                        : arithmetic_decoder_decode_probable(&decoder, &contexts[context])
                    #expect(symbol == procedure.decode(context))
                }
                damaged += decoder.vacant >= 0 ? 0 : 1
            }
        }
        #expect((1..<2000).contains(damaged))
    }

    private static func padded(_ codeword: [UInt8]) -> [UInt8] {
        codeword + [UInt8](repeating: 0xFF, count: Int(codeword_padding))
    }
}

/// The figures of ITU-T T.800, C.3, step by step.
private struct StandardProcedure {
    private let bytes: [UInt8]
    private var position = 0
    private var code: UInt32
    private var interval: UInt32 = 0x8000
    private var count = 0
    private var contexts = [(state: Int, symbol: UInt32)](repeating: (0, 0), count: 3)

    /// Figure C.20.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        code = UInt32(bytes[0]) << 16
        takeByte()
        code <<= 7
        count -= 7
    }

    /// Figure C.19.
    private mutating func takeByte() {
        let next = UInt32(bytes[position + 1])
        if bytes[position] == 0xFF, next > 0x8F {
            code &+= 0xFF00
            count = 8
        } else {
            let isStuffed = bytes[position] == 0xFF
            position += 1
            code &+= next << (isStuffed ? 9 : 8)
            count = isStuffed ? 7 : 8
        }
    }

    /// Figures C.15 to C.18.
    mutating func decode(_ context: Int) -> UInt32 {
        let (lessProbable, more, less, changes) = Self.states[contexts[context].state]
        let symbol = contexts[context].symbol
        interval -= lessProbable
        let isBelow = code >> 16 < lessProbable
        if !isBelow {
            code -= lessProbable << 16
            if interval & 0x8000 != 0 { return symbol }
        }
        let isMore = isBelow == (interval < lessProbable)
        if isBelow { interval = lessProbable }
        contexts[context] = isMore ? (more, symbol) : (less, changes ? 1 - symbol : symbol)
        repeat {
            if count == 0 { takeByte() }
            interval <<= 1
            code <<= 1
            count -= 1
        } while interval & 0x8000 == 0
        return isMore ? symbol : 1 - symbol
    }

    // Table C.2: Qe, next state after the more and the less probable symbol, whether the latter changes sense.
    private static let states: [(UInt32, Int, Int, Bool)] = [
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
