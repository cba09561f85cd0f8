/// How much a server takes.
public struct BucketQuota: Sendable, Equatable {
    /// Objects in one bucket.
    public var objects: Int
    /// Bytes in all buckets of a project together.
    public var bytes: Int

    /// CSC's Allas, unless a project was granted more.
    public static let allas = BucketQuota(objects: 500_000, bytes: 10 << 40)

    /// Creates a quota.
    public init(objects: Int, bytes: Int) {
        self.objects = objects
        self.bytes = bytes
    }

    /// What buckets would hold after an upload, in one line.
    ///
    /// - Throws: `noSpace` when that is more than the quota; other buckets of the project are not counted.
    func check(_ holdings: [String: BucketHolding]) throws -> String {
        let bytes = holdings.values.reduce(0) { $0 + $1.bytes }
        let buckets = holdings.sorted { $0.key < $1.key }.map { name, holding in
            "s3://\(name) \(holding.objects) of at most \(objects) objects, \(formatBytes(holding.bytes))"
        }
        let text =
            buckets.joined(separator: "; ") + "; \(formatBytes(bytes)) of at most \(formatBytes(self.bytes)) in all"
        guard bytes <= self.bytes, holdings.values.allSatisfy({ $0.objects <= objects }) else {
            let remedy = "mirror less, take another bucket, or raise --max_objects or --max_tib if more was granted"
            throw PipelineError(.noSpace, "it would not fit: \(text); \(remedy)")
        }
        return text
    }
}

/// What a bucket holds.
struct BucketHolding: Equatable {
    var objects = 0
    var bytes = 0
}
