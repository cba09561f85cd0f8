// https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
import Synchronization

/// A large upload that has begun and is neither completed nor aborted; the server keeps its parts, and bills them.
public struct S3Upload: Sendable, Equatable {
    /// The object that it will become.
    public let key: String
    /// The server's name for it.
    public let identifier: String
}

extension S3Bucket {
    /// Larger files go up in parts.
    public static let multipartThreshold = 64 << 20
    static let partBytes = 32 << 20
    private static let mostParts = 10_000

    /// Stores a file; a large one in parts that go up side by side on the executor.
    ///
    /// The object appears whole or not at all. When a part fails for good the upload is aborted.
    ///
    /// - Parameters:
    ///   - path: Must not change meanwhile.
    ///   - key: The object to store or replace.
    ///   - metadata: Names in lower case.
    ///   - executor: Whose threads wait for the parts.
    /// - Throws: ``PipelineError``, or `CancellationError` when the task or the HTTP client was interrupted.
    public func upload(
        file path: String,
        to key: String,
        metadata: [String: String] = [:],
        on executor: BlockingExecutor
    ) async throws {
        let size = try LocalFile(reading: path).size()
        guard size > Self.multipartThreshold else {
            return try await executor.run { _ = try put(key, .file(path: path, range: 0..<size), metadata: metadata) }
        }
        let upload = try await executor.run { try begin(key, metadata: metadata) }
        do {
            let ranges = Self.parts(of: size)
            let tags = Mutex([String](repeating: "", count: ranges.count))
            try await executor.forEach(ranges.count) { index in
                let tag = try put(part: index + 1, .file(path: path, range: ranges[index]), of: upload)
                tags.withLock { $0[index] = tag }
            }
            try await executor.run { try complete(upload, tags: tags.withLock { $0 }, size: size) }
        } catch {
            // On another task: this one may be cancelled, and the parts must go all the same.
            await Task { try? await executor.run { try abort(upload) } }.value
            throw error
        }
    }

    /// Uploads below a prefix that nobody has completed or aborted.
    public func unfinishedUploads(_ prefix: String) throws -> [S3Upload] {
        var uploads: [S3Upload] = []
        var seen: Set<[String]> = []
        var markers: [(name: String, value: String)]? = []
        while let next = markers {
            var request = request(.get)
            request.query = [("uploads", ""), ("prefix", prefix)] + next
            let document = try answer(to: request, named: "ListMultipartUploadsResult")
            // Ceph encodes the keys but not the markers when asked for an encoding, and does not say so: none is asked.
            uploads += document.children("Upload").compactMap(S3Upload.init)
            markers = document.child("IsTruncated")?.text == "true" ? Self.markers(document) : nil
            // Each page has some, so that a listing of as many pages as this has no end.
            guard seen.insert(next.map(\.value)).inserted, seen.count <= 10_000 else {
                throw PipelineError(.corrupt, "\(request): the server's listing does not end")
            }
        }
        return uploads.filter { $0.key.hasPrefix(prefix) }
    }

    /// Drops what killed uploads left below a prefix; call it only while nobody else uploads there.
    ///
    /// - Returns: How many there were.
    @discardableResult
    public func abortUnfinishedUploads(
        _ prefix: String,
        where isDue: (S3Upload) -> Bool = { _ in true }
    ) throws -> Int {
        let uploads = try unfinishedUploads(prefix).filter(isDue)
        try uploads.forEach(abort)
        return uploads.count
    }

    static func parts(of size: Int) -> [Range<Int>] {
        let bytes = max(partBytes, (size + mostParts - 1) / mostParts)
        return stride(from: 0, to: size, by: bytes).map { $0..<min($0 + bytes, size) }
    }

    func begin(_ key: String, metadata: [String: String]) throws -> S3Upload {
        var request = request(.post, key)
        request.query = [("uploads", "")]
        request.fields = Self.fields(metadata)
        let document = try answer(to: request, named: "InitiateMultipartUploadResult")
        guard let identifier = document.child("UploadId")?.text, !identifier.isEmpty else {
            throw PipelineError(.corrupt, "\(request): the server names no upload")
        }
        return S3Upload(key: key, identifier: identifier)
    }

    func put(part number: Int, _ body: HTTPRequest.Body, of upload: S3Upload) throws -> String {
        var request = request(.put, upload.key)
        request.query = [("partNumber", "\(number)"), ("uploadId", upload.identifier)]
        request.body = body
        let response = try client.send(request)
        guard let tag = response.fields["ETag"] else {
            throw PipelineError(.corrupt, "\(request): the server sends no ETag")
        }
        return tag
    }

    private func complete(_ upload: S3Upload, tags: [String], size: Int) throws {
        var request = request(.post, upload.key)
        request.query = [("uploadId", upload.identifier)]
        request.body = .bytes(Array(Self.completion(tags).utf8))
        // An earlier attempt may have succeeded and its answer been lost.
        request.outcomes = [404]
        try client.retrying(request) {
            let response = try client.attempt(request)
            // Some failures come with status 200, after blanks that keep the connection alive.
            let code = response.isSuccess ? S3Failure(response).code : ""
            guard code.isEmpty else {
                throw TransientFailure(error: PipelineError(.unavailable, "\(request) failed", cause: code))
            }
        }
        // Ceph's answer has no entity tag, so the object is asked for; one that was there before has another tag.
        let object = try head(upload.key)
        let expected = try Self.entityTag(ofParts: tags)
        guard let object, object.size == size, expected == nil || object.entityTag.filter({ $0 != "\"" }) == expected
        else {
            throw PipelineError(.mismatch, "\(self)/\(upload.key) is not what was uploaded; upload it again")
        }
    }

    /// What S3 makes of the MD5s of parts, which is their MD5 and how many there are; nil where the tags are no MD5s.
    static func entityTag(ofParts tags: [String]) throws -> String? {
        var digests: [UInt8] = []
        for tag in tags {
            guard let digest = [UInt8](hexadecimal: tag.filter { $0 != "\"" }), digest.count == 16 else { return nil }
            digests += digest
        }
        return try MessageDigest.hexadecimal(of: digests, .md5) + "-\(tags.count)"
    }

    private static func completion(_ tags: [String]) -> String {
        let parts = tags.enumerated().map { index, tag in
            "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag.filter { $0 != "\"" })</ETag></Part>"
        }
        return "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>"
    }

    func abort(_ upload: S3Upload) throws {
        var request = request(.delete, upload.key)
        request.query = [("uploadId", upload.identifier)]
        request.outcomes = [404]
        _ = try client.send(request)
    }

    private static func markers(_ document: XMLElement) -> [(name: String, value: String)] {
        [
            ("key-marker", document.child("NextKeyMarker")?.characters ?? ""),
            ("upload-id-marker", document.child("NextUploadIdMarker")?.text ?? ""),
        ]
    }
}

extension S3Upload {
    fileprivate init?(_ entry: XMLElement) {
        guard let key = entry.child("Key")?.characters, let identifier = entry.child("UploadId")?.text else {
            return nil
        }
        self.init(key: key, identifier: identifier)
    }
}
