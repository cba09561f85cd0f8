import Synchronization

/// What an open array has learned of objects, each once: of a shard 16 bytes for every inner chunk, of a chunk some 2 KB.
final class KnownObjects<Content: Sendable>: Sendable {
    private let contents = Mutex<[String: Content]>([:])

    subscript(_ key: String) -> Content? {
        get { contents.withLock { $0[key] } }
        set { contents.withLock { $0[key] = newValue } }
    }

    /// The keys of which nothing is known yet.
    func unknown(_ selections: [ChunkSelection]) -> [ChunkSelection] {
        contents.withLock { known in selections.filter { known[$0.key] == nil } }
    }
}
