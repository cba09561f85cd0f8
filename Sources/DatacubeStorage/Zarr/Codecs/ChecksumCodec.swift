// https://zarr-specs.readthedocs.io/en/latest/v3/codecs/crc32c/index.html
// {"name": "crc32c"}

/// CRC-32C of the bytes, in four little-endian bytes behind them.
struct ChecksumCodec: BytesToBytesCodec {
    /// Bytes that encoding adds.
    static let overhead = 4

    func encode(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        let checksum = unsafe CRC32C.checksum(bytes)
        var encoded = [UInt8]()
        encoded.reserveCapacity(bytes.count + Self.overhead)
        unsafe encoded.append(contentsOf: bytes)
        for shift in stride(from: 0, to: 32, by: 8) { encoded.append(UInt8(truncatingIfNeeded: checksum >> shift)) }
        return encoded
    }

    func view(_ bytes: UnsafeRawBufferPointer) throws -> UnsafeRawBufferPointer? {
        let count = bytes.count - Self.overhead
        guard count >= 0 else { throw CodecDescription.corrupt("crc32c", "\(bytes.count) bytes hold no checksum") }
        let stored = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count, as: UInt32.self))
        let content = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<count])
        let computed = unsafe CRC32C.checksum(content)
        guard stored == computed else {
            throw CodecDescription.corrupt("crc32c", "the checksum is \(computed) and should be \(stored)")
        }
        return unsafe content
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into result: UnsafeMutableRawBufferPointer) throws {
        guard let content = try unsafe view(bytes), content.count == result.count else {
            throw CodecDescription.corrupt("crc32c", "\(bytes.count) bytes where \(result.count) and a checksum belong")
        }
        unsafe result.copyMemory(from: content)
    }

    func decode(_ bytes: UnsafeRawBufferPointer, limit: Int) throws -> [UInt8] {
        try unsafe view(bytes).map { unsafe [UInt8]($0) } ?? []
    }
}
