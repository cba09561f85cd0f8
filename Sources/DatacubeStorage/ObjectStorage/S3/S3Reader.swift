/// An open object: all reads are of the state that it had when it was opened.
///
/// Opening asks for the first bytes at once. That one request tells size and entity tag, and brings small objects and
/// the headers of large ones along; it takes hardly longer than asking for the size alone.
struct S3Reader: ObjectReader {
    private let bucket: S3Bucket
    private let object: S3Object
    private let beginning: [UInt8]

    /// Opens an object; nil when there is none.
    init?(_ key: String, in bucket: S3Bucket, openingBytes: Int) throws {
        var request = bucket.request(.get, key)
        // A range of an empty object cannot be satisfied.
        request.outcomes = [404, 416]
        request.range = .bytes(0..<max(1, openingBytes))
        let response = try bucket.client.send(request)
        guard response.status != 404 else { return nil }
        self.bucket = bucket
        object =
            response.isSuccess ? try bucket.object(key, response) : S3Object(key: key, size: 0, entityTag: "")
        beginning = response.isSuccess ? response.body : []
    }

    func size() throws -> Int { object.size }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, buffer.count <= object.size, offset <= object.size - buffer.count else {
            throw PipelineError(
                .corrupt,
                "\(bucket)/\(object.key) ends at byte \(object.size); \(buffer.count) bytes were expected at \(offset)"
            )
        }
        let known = max(0, min(beginning.count - offset, buffer.count))
        if known > 0 {
            unsafe beginning.withUnsafeBytes { bytes in
                unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + known]))
            }
        }
        guard known < buffer.count else { return }
        let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[known...])
        guard try unsafe bucket.get(object.key, at: offset + known, entityTag: object.entityTag, into: rest) else {
            throw PipelineError(.mismatch, "\(bucket)/\(object.key) was removed while it was read")
        }
    }
}
