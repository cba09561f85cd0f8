/// An open object: all reads are of the state that it had when it was opened.
///
/// Opening asks for the first or the last bytes at once. That one request tells size and entity tag, and brings small
/// objects and the headers or indices of large ones along; it takes hardly longer than asking for the size alone.
struct S3Reader: ObjectReader {
    private let bucket: S3Bucket
    private let object: S3Object
    /// What opening brought, and where it begins in the object.
    private let known: [UInt8]
    private let knownStart: Int

    /// Opens an object; nil when there is none.
    init?(_ key: String, in bucket: S3Bucket, fetching range: HTTPRange) throws {
        var request = bucket.request(.get, key)
        // A range of an empty object cannot be satisfied.
        request.outcomes = [404, 416]
        request.range = range
        let response = try bucket.client.send(request)
        guard response.status != 404 else { return nil }
        self.bucket = bucket
        object =
            response.isSuccess ? try bucket.object(key, response: response) : S3Object(key: key, size: 0, entityTag: "")
        known = response.isSuccess ? response.body : []
        knownStart = range.resolved(size: object.size).lowerBound
    }

    func size() throws -> Int { object.size }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, buffer.count <= object.size, offset <= object.size - buffer.count else {
            throw PipelineError(
                .corrupt,
                "\(bucket)/\(object.key) ends at byte \(object.size); \(buffer.count) bytes were expected at \(offset)"
            )
        }
        let wanted = offset..<offset + buffer.count
        let overlap = wanted.clamped(to: knownStart..<knownStart + known.count)
        // What is known helps where it leaves one range to ask for.
        guard !overlap.isEmpty, overlap.lowerBound == offset || overlap.upperBound == wanted.upperBound else {
            return try unsafe fetch(offset, into: buffer)
        }
        unsafe known.withUnsafeBytes { bytes in
            let part = unsafe bytes[overlap.lowerBound - knownStart..<overlap.upperBound - knownStart]
            unsafe buffer[(overlap.lowerBound - offset)...].copyBytes(from: part)
        }
        let missing =
            overlap.lowerBound == offset ? overlap.upperBound..<wanted.upperBound : offset..<overlap.lowerBound
        let rest = unsafe buffer[missing.lowerBound - offset..<missing.upperBound - offset]
        try unsafe fetch(missing.lowerBound, into: UnsafeMutableRawBufferPointer(rebasing: rest))
    }

    private func fetch(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard buffer.count > 0 else { return }
        guard try unsafe bucket.get(object.key, at: offset, entityTag: object.entityTag, into: buffer) else {
            throw PipelineError(.mismatch, "\(bucket)/\(object.key) was removed while it was read")
        }
    }
}
