/// A chunk of Blosc blocks on a distant store, of which it is known where they lie.
///
/// So a read of its blocks takes one round trip. Bound: some 2 KB for each chunk that was touched.
struct KnownChunk: Sendable {
    /// Has the chunk's beginning at hand; nil where there is no chunk.
    let reader: (any ObjectReader)?

    /// Opens the chunk by its first bytes.
    init(_ key: String, in store: any ObjectStore) throws {
        guard let object = try store.reader(of: key, fetchingFirst: BloscFrame.prefixBytes) else {
            reader = nil
            return
        }
        let count = min(BloscFrame.prefixBytes, try object.size())
        reader = BegunReader(object: object, beginning: try object.read(count: count, at: 0))
    }
}

/// An open object with a copy of its first bytes.
private struct BegunReader: ObjectReader {
    let object: any ObjectReader
    let beginning: [UInt8]

    func size() throws -> Int { try object.size() }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, buffer.count <= beginning.count, offset <= beginning.count - buffer.count else {
            return try unsafe object.read(offset, into: buffer)
        }
        unsafe beginning.withUnsafeBytes {
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count]))
        }
    }
}
