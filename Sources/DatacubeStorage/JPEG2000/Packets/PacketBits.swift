/// Bits of packet headers, in which a zero bit is stuffed after every byte of ones, T.800, B.10.1.
@safe struct PacketBits {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let path: String
    private var position: Int
    private var byte: UInt8 = 0
    private var left = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int, path: String) {
        unsafe self.bytes = unsafe bytes
        self.position = position
        self.path = path
    }

    mutating func next() throws(PipelineError) -> Int {
        if left == 0 {
            guard unsafe position < bytes.count else { throw Self.endsEarly(path) }
            left = byte == 0xFF ? 7 : 8
            byte = unsafe bytes[position]
            position += 1
        }
        left -= 1
        return Int(byte >> left) & 1
    }

    mutating func next(_ count: Int) throws(PipelineError) -> Int {
        var value = 0
        for _ in 0..<count { value = value << 1 | (try next()) }
        return value
    }

    /// Where the byte after the header lies.
    consuming func end() -> Int { byte == 0xFF ? position + 1 : position }

    static func endsEarly(_ path: String) -> PipelineError { .undecodable(path, reason: "a packet ends early") }
}
