// https://www.iso.org/standard/8802-3: the polynomial of Ethernet, as zlib, gzip, ZIP and Python's `zlib.crc32` use it
import CDeflate

/// CRC-32.
///
/// Wraps `libdeflate_crc32`.
public enum CRC32 {
    /// The checksum of the bytes, or of those of `previous` followed by these.
    public static func checksum(_ bytes: UnsafeRawBufferPointer, continuing previous: UInt32 = 0) -> UInt32 {
        // The library takes a null pointer as a question for the initial value.
        guard let start = bytes.baseAddress else { return previous }
        return unsafe libdeflate_crc32(previous, start, bytes.count)
    }

    /// The same of an array.
    static func checksum(of bytes: [UInt8], continuing previous: UInt32 = 0) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe checksum($0, continuing: previous) }
    }
}
