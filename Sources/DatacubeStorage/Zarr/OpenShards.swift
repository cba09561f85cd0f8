import Synchronization

/// A run of inner chunks and the open shard that has it.
struct ShardRun: Sendable {
    let object: any ObjectReader
    let key: String
    let run: ShardingCodec.Run
}

/// The runs of the shards of one read, gathered by several threads.
final class OpenShards: Sendable {
    private let runs = Mutex<[ShardRun]>([])

    func append(_ more: [ShardRun]) { runs.withLock { $0 += more } }

    /// The runs, those with most bytes first.
    var largestFirst: [ShardRun] { runs.withLock { $0.sorted { $0.run.range.count > $1.run.range.count } } }
}
