import Testing

@testable import DatacubeStorage

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
        let nodes = ArithmeticContext.makeNodes()
        defer { nodes.deallocate() }
        var context = ArithmeticContext(0, nodes: nodes)
        let bytes: [UInt8] = coded.withUnsafeBufferPointer { coded in
            var decoder = ArithmeticDecoder(coded.baseAddress!)
            return decoded.map { _ in
                (0..<8).reduce(0) { byte, _ in byte << 1 | UInt8(decoder.decode(&context)) }
            }
        }
        #expect(bytes == decoded)
    }

    /// Bytes that no encoder makes decode as the standard's procedure says, or are noticed: a byte after 0xFF carries
    /// into bits that symbols were decoded from before.
    @Test func whateverTheBytesSymbolsAreThoseOfTheProcedure() {
        var random = SeededGenerator(seed: 3)
        let nodes = ArithmeticContext.makeNodes()
        defer { nodes.deallocate() }
        var damaged = 0
        for _ in 0..<2000 {
            // Far more of such bytes than random ones have.
            let choices: [UInt8] = [0xFF, 0x80, 0x83, 0x8F, 0x7F, .random(in: 0...255, using: &random)]
            let bytes = (0..<60).map { _ in choices.randomElement(using: &random) ?? 0 } + [0xFF, 0xFF]
            var procedure = StandardProcedure(bytes)
            bytes.withUnsafeBufferPointer { buffer in
                var decoder = ArithmeticDecoder(buffer.baseAddress!)
                var contexts = [ArithmeticContext](repeating: ArithmeticContext(0, nodes: nodes), count: 3)
                for number in 0..<600 where !decoder.isDamaged {
                    let symbol = decoder.decode(&contexts[number % 3])
                    #expect(symbol == procedure.decode(number % 3))
                }
                damaged += decoder.isDamaged ? 1 : 0
            }
        }
        #expect((1..<2000).contains(damaged))
    }
}

/// The figures of ITU-T T.800, C.3, step by step.
private struct StandardProcedure {
    private let bytes: [UInt8]
    private var position = 0
    private var code: UInt32
    private var interval: UInt32 = 0x8000
    private var count = 0
    private var contexts = [0, 0, 0]

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
        let state = ArithmeticState.all[contexts[context]]
        let lessProbable = UInt32(state.lessProbable >> ArithmeticDecoder.scale)
        interval -= lessProbable
        let isBelow = code >> 16 < lessProbable
        if !isBelow {
            code -= lessProbable << 16
            if interval & 0x8000 != 0 { return state.symbol }
        }
        let isMore = isBelow == (interval < lessProbable)
        if isBelow { interval = lessProbable }
        contexts[context] = isMore ? state.next.more : state.next.less
        repeat {
            if count == 0 { takeByte() }
            interval <<= 1
            code <<= 1
            count -= 1
        } while interval & 0x8000 == 0
        return isMore ? state.symbol : 1 - state.symbol
    }
}
