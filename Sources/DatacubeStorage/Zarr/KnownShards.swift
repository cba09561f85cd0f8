import Synchronization

/// A shard of which the index was read.
struct KnownShard: Sendable {
    let index: ShardIndex
    /// Bytes, to notice a shard that was replaced since.
    let size: Int
    /// The open object, where keeping it open costs nothing.
    let reader: (any ObjectReader)?
}

/// The indices of an open array's shards, each read once: 16 bytes for every inner chunk of a shard that was touched.
final class KnownShards: Sendable {
    /// What was found under a shard's key.
    enum Entry: Sendable {
        case missing
        case present(KnownShard)
    }

    private let entries = Mutex<[String: Entry]>([:])

    subscript(_ key: String) -> Entry? {
        get { entries.withLock { $0[key] } }
        set { entries.withLock { $0[key] = newValue } }
    }

    /// The keys of which nothing is known yet.
    func unknown(_ selections: [ChunkSelection]) -> [ChunkSelection] {
        entries.withLock { known in selections.filter { known[$0.key] == nil } }
    }
}
