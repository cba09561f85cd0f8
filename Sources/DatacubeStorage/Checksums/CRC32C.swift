// RFC 3720, appendix B.4: https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4
import CChecksum

/// CRC-32C, Castagnoli's polynomial, of the Zarr v3 `crc32c` codec.
///
/// By the processor's own instruction, or eight bytes at a time by table lookup.
public enum CRC32C {
    // tables[256 * k + b] is the remainder of byte b followed by k zero bytes.
    private static let tables: [UInt32] = {
        let polynomial: UInt32 = 0x82F6_3B78
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            tables[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ polynomial : crc >> 1 }
        }
        for index in 256..<(8 * 256) {
            let shorter = tables[index - 256]
            tables[index] = shorter >> 8 ^ tables[Int(shorter & 0xFF)]
        }
        return tables
    }()
    // x86-64 and aarch64 have one for this polynomial; it is ten times as fast as the tables.
    private static let hasInstruction = crc32c_has_instruction()

    /// The checksum of the bytes, or of `previous`'s bytes followed by these.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        guard hasInstruction else { return unsafe checksumByTables(bytes, continuing: previous) }
        return unsafe crc32c_by_instruction(previous, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }

    static func checksumByTables(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
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
