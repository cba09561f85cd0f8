/// How much a storage takes, as far as that is known.
public struct StorageQuota: Codable, Sendable, Equatable {
    /// Files, or objects in one bucket; nil where no limit is known.
    public var files: Int?
    /// Bytes, of all buckets together on S3; nil where no limit is known.
    public var bytes: Int?

    /// Creates a quota.
    public init(files: Int? = nil, bytes: Int? = nil) {
        self.files = files
        self.bytes = bytes
    }
}
