import Synchronization

/// Objects in memory, for tests and for values that need no disk.
public final class MemoryStore: ObjectStore {
    private let objects = Mutex<[String: [UInt8]]>([:])

    /// Creates an empty store.
    public init() {}

    /// A name for error texts.
    public var description: String { "memory" }

    /// Ranges cost nothing here.
    public var properties: StoreProperties { StoreProperties(rangeGap: 0) }

    /// The object's bytes.
    public func get(_ key: String, limit: Int) throws -> [UInt8]? {
        try ObjectKey.validate(key)
        let bytes = objects.withLock { $0[key] }
        if let bytes, bytes.count > limit { throw tooLarge(key, size: bytes.count, limit: limit) }
        return bytes
    }

    /// The object as it is now.
    public func reader(of key: String) throws -> (any ObjectReader)? {
        try get(key, limit: .max).map { MemoryReader(key: key, bytes: $0) }
    }

    /// Keeps the bytes.
    public func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try ObjectKey.validate(key)
        objects.withLock { $0[key] = bytes }
    }

    /// Forgets the bytes.
    public func delete(_ key: String) throws {
        try ObjectKey.validate(key)
        objects.withLock { $0[key] = nil }
    }

    /// The objects whose key begins with the prefix.
    public func list(_ prefix: String) throws -> [ObjectEntry] {
        objects.withLock { objects in
            objects.filter { $0.key.hasPrefix(prefix) }.map { ObjectEntry(key: $0.key, size: $0.value.count) }
                .sorted { $0.key < $1.key }
        }
    }

    /// The number of bytes.
    public func size(of key: String) throws -> Int? { try get(key)?.count }

    /// There is nothing to wait for.
    public func synchronize() throws {}
}

private struct MemoryReader: ObjectReader {
    let key: String
    let bytes: [UInt8]

    func size() throws -> Int { bytes.count }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, buffer.count <= bytes.count, offset <= bytes.count - buffer.count else {
            throw PipelineError(
                .corrupt,
                "\(key) ends at byte \(bytes.count); \(buffer.count) bytes were expected at \(offset)"
            )
        }
        unsafe bytes.withUnsafeBytes {
            unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + buffer.count]))
        }
    }
}
