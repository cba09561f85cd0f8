/// A bucket and a key or prefix in it, spelled `s3://bucket/key`.
public struct S3Location: Sendable, Hashable, CustomStringConvertible {
    /// The bucket's name.
    public let bucket: String
    /// Without slashes at its ends; empty for the bucket itself.
    public let key: String

    /// Reads `s3://bucket` or `s3://bucket/key`; nil for any other text, and for keys that would leave their root.
    public init?(_ text: String) {
        guard text.hasPrefix("s3://") else { return nil }
        let rest = text.dropFirst("s3://".count)
        let bucket = rest.prefix { $0 != "/" }
        self.init(bucket: String(bucket), key: String(rest.dropFirst(bucket.count)))
    }

    init?(bucket: String, key: String) {
        var key = key[...]
        while key.first == "/" { key.removeFirst() }
        while key.last == "/" { key.removeLast() }
        guard !bucket.isEmpty, key.isEmpty || (try? ObjectKey.validate(String(key))) != nil else { return nil }
        self.bucket = bucket
        self.key = String(key)
    }

    /// `s3://bucket/key`.
    public var description: String { key.isEmpty ? "s3://\(bucket)" : "s3://\(bucket)/\(key)" }
}
