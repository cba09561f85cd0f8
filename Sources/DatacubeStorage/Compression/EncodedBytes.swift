/// An array that C code fills.
enum EncodedBytes {
    /// Makes an array of up to `capacity` bytes; `body` returns how many it wrote, or nil when it failed.
    static func make(
        capacity: Int,
        _ body: (UnsafeMutableRawBufferPointer) throws -> Int
    ) rethrows -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            initialized = try unsafe body(UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: capacity))
        }
    }
}
