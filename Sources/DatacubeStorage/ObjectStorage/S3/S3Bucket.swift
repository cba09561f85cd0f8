/// What a server tells of an object.
public struct S3Object: Sendable, Equatable {
    /// As the server spells it; it may be of a kind that ``ObjectKey/validate(_:)`` refuses.
    public let key: String
    /// Bytes.
    public let size: Int
    /// Changes with the object, quotes included; empty if the server sent none.
    public let entityTag: String
    /// When it was stored, in whole seconds since 1970 by the server's clock; nil where the server did not say.
    public var modified: Int?

    /// Seconds since 1970 that can be told in nanoseconds, as file systems do; another time is none.
    static let possibleTimes = 0...8_000_000_000
    /// `x-amz-meta-` fields by their names in lower case without that prefix; empty in listings.
    public var metadata: [String: String] = [:]

    /// The MD5 of the content in lower case, where the entity tag is one: not for multipart uploads.
    public var md5: String? {
        let digits = entityTag.filter { $0 != "\"" }.lowercased()
        return digits.count == 32 && digits.allSatisfy(\.isHexDigit) ? digits : nil
    }

    /// Creates a description.
    public init(key: String, size: Int, entityTag: String, metadata: [String: String] = [:]) {
        self.key = key
        self.size = size
        self.entityTag = entityTag
        self.metadata = metadata
    }
}

/// The objects of one bucket, under any keys that S3 allows.
///
/// Calls block. ``S3Store`` offers a bucket, or a part of it, as an ``ObjectStore``.
public struct S3Bucket: Sendable, CustomStringConvertible {
    /// The bucket's name.
    public let name: String
    /// Who sends the calls.
    public let client: S3Client

    init(_ name: String, of client: S3Client) {
        self.name = name
        self.client = client
    }

    /// `s3://name`.
    public var description: String { "s3://\(name)" }

    func request(_ method: HTTPRequest.Method, _ key: String = "") -> S3Request {
        S3Request(method, bucket: name, key: key)
    }

    /// What the server tells of an object, or nil when there is none.
    public func head(_ key: String) throws -> S3Object? {
        var request = request(.head, key)
        request.outcomes = [404]
        let response = try client.send(request)
        return response.isSuccess ? try object(key, response: response) : nil
    }

    /// The whole object, or nil when there is none; one of more than `limit` bytes is an error.
    public func get(_ key: String, limit: Int = 4 << 30) throws -> [UInt8]? {
        var request = request(.get, key)
        request.outcomes = [404]
        request.destination = .memory(limit: limit)
        let response = try client.send(request)
        return response.isSuccess ? response.body : nil
    }

    /// Puts the whole object at the beginning of the caller's memory by one request.
    ///
    /// - Returns: Its size; nil when there is none. One that does not fit is an error.
    public func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        var request = request(.get, key)
        request.outcomes = [404]
        request.destination = unsafe .room(HTTPBuffer(buffer))
        let response = try client.send(request)
        return response.isSuccess ? response.byteCount : nil
    }

    /// Fills the caller's memory with a part of an object by one request; false when there is no such object.
    ///
    /// Where an entity tag is given, an object in any other state is a `mismatch`.
    public func get(
        _ key: String,
        at offset: Int,
        entityTag: String? = nil,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> Bool {
        guard buffer.count > 0 else { return try head(key) != nil }
        var request = request(.get, key)
        request.outcomes = [404]
        request.range = .bytes(offset..<offset + buffer.count)
        request.destination = unsafe .buffer(HTTPBuffer(buffer))
        request.fields["If-Match"] = entityTag.flatMap { $0.isEmpty ? nil : $0 }
        return try client.send(request).isSuccess
    }

    /// Puts what an object has from an offset on at the beginning of the caller's memory, as much as that takes, by one request.
    ///
    /// - Returns: Nil when there is no such object.
    public func get(
        _ key: String,
        slice offset: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws -> ObjectSlice? {
        var request = request(.get, key)
        // A range beyond the end cannot be satisfied.
        request.outcomes = [404, 416]
        request.range = .bytes(offset..<offset + buffer.count)
        request.destination = unsafe .room(HTTPBuffer(buffer))
        let response = try client.send(request)
        guard response.status != 404 else { return nil }
        guard response.isSuccess else { return ObjectSlice(count: 0, state: nil) }
        return ObjectSlice(count: response.byteCount, state: response.fields["ETag"])
    }

    /// Stores an object, replacing one of that key; it appears whole or not at all.
    ///
    /// - Returns: What the server will tell of it.
    @discardableResult
    public func put(_ key: String, _ bytes: [UInt8], metadata: [String: String] = [:]) throws -> S3Object {
        try put(key, .bytes(bytes), metadata: metadata)
    }

    func put(_ key: String, _ body: HTTPRequest.Body, metadata: [String: String]) throws -> S3Object {
        var request = request(.put, key)
        request.fields = Self.fields(metadata)
        request.body = body
        let response = try client.send(request)
        return S3Object(
            key: key,
            size: body.count,
            entityTag: response.fields["ETag"] ?? "",
            metadata: metadata
        )
    }

    /// Removes an object; nothing there is fine.
    public func delete(_ key: String) throws {
        var request = request(.delete, key)
        request.outcomes = [404]
        _ = try client.send(request)
    }

    static func fields(_ metadata: [String: String]) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in metadata.sorted(by: { $0.key < $1.key }) { fields.add("x-amz-meta-\(name)", value) }
        return fields
    }

    func object(_ key: String, response: HTTPResponse) throws -> S3Object {
        guard let size = response.resourceSize, size <= ObjectSize.largest else {
            throw PipelineError(
                .corrupt,
                "\(self)/\(key): the server does not tell the object's size, or one beyond belief"
            )
        }
        let prefix = "x-amz-meta-"
        let pairs = response.fields.all.filter { $0.name.lowercased().hasPrefix(prefix) }
            .map { (String($0.name.lowercased().dropFirst(prefix.count)), $0.value) }
        let metadata = Dictionary(pairs) { first, _ in first }
        return S3Object(key: key, size: size, entityTag: response.fields["ETag"] ?? "", metadata: metadata)
    }
}
