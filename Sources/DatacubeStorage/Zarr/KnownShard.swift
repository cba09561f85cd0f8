/// A shard of which the index was read.
struct KnownShard: Sendable {
    /// What was found under a shard's key.
    enum Entry: Sendable {
        case missing
        case present(KnownShard)
    }

    let index: ShardIndex
    /// Bytes, to notice a shard that was replaced since.
    let size: Int
    /// The open object, where keeping it open costs nothing.
    let reader: (any ObjectReader)?
}
