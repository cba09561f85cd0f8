import CChecksum

/// CRC-32 of the reflected kind, eight bytes at a time by table lookup, or by the processor's own instruction.
///
/// `CyclicRedundancyCheck.crc32` is what zlib, gzip and Python's `zlib.crc32` compute;
/// `.crc32c` is the Castagnoli polynomial of the Zarr v3 `crc32c` codec (RFC 3720, appendix B.4).
public struct CyclicRedundancyCheck: Sendable {
    /// The polynomial of zlib and gzip.
    public static let crc32 = CyclicRedundancyCheck(reflectedPolynomial: 0xEDB8_8320)
    /// The Castagnoli polynomial.
    public static let crc32c = CyclicRedundancyCheck(reflectedPolynomial: 0x82F6_3B78)

    // tables[256 * k + b] is the remainder of byte b followed by k zero bytes.
    private let tables: [UInt32]
    private let hasInstruction: Bool

    private init(reflectedPolynomial polynomial: UInt32) {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            tables[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
        }
        for index in 256..<(8 * 256) {
            let shorter = tables[index - 256]
            tables[index] = shorter >> 8 ^ tables[Int(shorter & 0xFF)]
        }
        self.tables = tables
        // x86-64 and aarch64 have one for Castagnoli's polynomial; it is ten times as fast as the tables.
        hasInstruction = polynomial == 0x82F6_3B78 && crc32c_has_instruction()
    }

    /// The checksum of the bytes, or of `previous`'s bytes followed by these.
    public func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        guard hasInstruction else { return unsafe checksumByTables(bytes, continuing: previous) }
        return unsafe crc32c_by_instruction(previous, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }

    func checksumByTables(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        unsafe tables.withUnsafeBufferPointer { table in
            var crc = ~previous
            var position = 0
            while position + 8 <= bytes.count {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let low = UInt32(truncatingIfNeeded: word) ^ crc
                let high = UInt32(truncatingIfNeeded: word >> 32)
                crc =
                    unsafe table[1792 + Int(low & 0xFF)] ^ table[1536 + Int(low >> 8 & 0xFF)]
                    ^ table[1280 + Int(low >> 16 & 0xFF)] ^ table[1024 + Int(low >> 24)]
                crc ^=
                    unsafe table[768 + Int(high & 0xFF)] ^ table[512 + Int(high >> 8 & 0xFF)]
                    ^ table[256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
                position += 8
            }
            while position < bytes.count {
                crc = unsafe crc >> 8 ^ table[Int((crc ^ UInt32(bytes[position])) & 0xFF)]
                position += 1
            }
            return ~crc
        }
    }
}
