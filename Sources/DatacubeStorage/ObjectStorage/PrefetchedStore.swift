/// A store of which small objects were fetched side by side, before code that reads them one after another asks for them.
///
/// What was fetched stays as it was then. Bound: the bytes of those objects.
final class PrefetchedStore: ForwardingStore {
    let base: any ObjectStore
    private let fetched = MemoryStore()

    init(_ base: any ObjectStore) { self.base = base }

    /// Fetches an object; where there is none, whoever asks for it asks the store itself.
    func fetch(_ key: String) throws {
        if let bytes = try base.get(key) { try fetched.put(key, bytes, durability: .deferred) }
    }

    func get(_ key: String, limit: Int) throws -> [UInt8]? {
        try fetched.get(key, limit: limit) ?? base.get(key, limit: limit)
    }

    func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        try unsafe fetched.get(key, whole: buffer) ?? base.get(key, whole: buffer)
    }

    func reader(of key: String) throws -> (any ObjectReader)? { try fetched.reader(of: key) ?? base.reader(of: key) }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try fetched.delete(key)
        try base.put(key, bytes, durability: durability)
    }

    func delete(_ key: String) throws {
        try fetched.delete(key)
        try base.delete(key)
    }
}
