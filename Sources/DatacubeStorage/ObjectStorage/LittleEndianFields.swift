/// Numbers in little-endian bytes, by their offset; nil beyond the end.
struct LittleEndianFields {
    private let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    func uint16(at offset: Int) -> UInt16? { number(at: offset, width: 2).map { UInt16($0) } }
    func uint32(at offset: Int) -> UInt32? { number(at: offset, width: 4).map { UInt32($0) } }
    func uint64(at offset: Int) -> UInt64? { number(at: offset, width: 8) }

    /// Bytes by their offsets, which must be within.
    func slice(_ range: Range<Int>) -> ArraySlice<UInt8> {
        bytes[(bytes.startIndex + range.lowerBound)..<(bytes.startIndex + range.upperBound)]
    }

    /// The number of up to eight bytes.
    func number(at offset: Int, width: Int) -> UInt64? {
        guard offset >= 0, offset <= bytes.count - width else { return nil }
        return slice(offset..<(offset + width)).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Numbers as little-endian bytes, one after the other.
struct LittleEndianBytes {
    private(set) var bytes: [UInt8] = []

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
