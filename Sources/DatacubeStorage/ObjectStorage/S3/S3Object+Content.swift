// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html: what an entity tag is

extension S3Object {
    /// The metadata field in which an upload in parts notes their size, without which its entity tag tells nothing.
    static let partBytesField = "part-bytes"
    // S3 takes no more.
    private static let mostParts = 10_000
    // Ours, and what rclone, the AWS tools and s3cmd take unless told otherwise.
    private static let usualPartBytes = [S3Bucket.partBytes, 5 << 20, 8 << 20, 15 << 20]

    /// Whether a file holds the object's bytes, judged by the entity tag, which a listing brings along.
    ///
    /// The tag is the MD5 of the content, or of the MD5s of the parts in which it was uploaded.
    ///
    /// - Returns: Nil where the tag does not tell: parts of a size that nobody noted, or a server with other tags.
    func matches(file path: String) throws -> Bool? {
        guard try FileSystem.status(path)?.size == size else { return false }
        if let md5 { return try MessageDigest.hexadecimal(ofFile: path, range: 0..<size, .md5) == md5 }
        guard let tag = partsTag else { return nil }
        if let bytes = metadata[Self.partBytesField].flatMap(ObjectSize.parse), bytes > 0,
            size / bytes < Self.mostParts
        {
            return try Self.entityTag(ofFile: path, size: size, partBytes: bytes) == tag.text
        }
        for bytes in Self.usualPartBytes where (size + bytes - 1) / bytes == tag.parts {
            if try Self.entityTag(ofFile: path, size: size, partBytes: bytes) == tag.text { return true }
        }
        return nil
    }

    private var partsTag: (text: String, parts: Int)? {
        let text = entityTag.filter { $0 != "\"" }.lowercased()
        let fields = text.split(separator: "-")
        guard fields.count == 2, fields[0].count == 32, let parts = Int(fields[1]) else { return nil }
        return (text, parts)
    }

    private static func entityTag(ofFile path: String, size: Int, partBytes: Int) throws -> String? {
        let parts = stride(from: 0, to: size, by: partBytes).map { $0..<min($0 + partBytes, size) }
        let tags = try MessageDigest.hexadecimal(ofFile: path, ranges: parts, .md5)
        return try S3Bucket.entityTag(ofParts: tags)
    }
}
