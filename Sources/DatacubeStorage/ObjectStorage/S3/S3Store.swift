/// The objects of a bucket below a prefix.
///
/// Objects are durable when ``put(_:_:durability:)`` returns. Reads cost one request each: whole objects, ranges, and
/// the opening of a reader alike.
public struct S3Store: ObjectStore {
    /// Where the objects are.
    public let bucket: S3Bucket
    /// Empty, or ends with `/`; keys of the store are what follows it.
    public let prefix: String
    private let rangeGap: Int
    private let openingBytes: Int
    private var lock: TargetLock?

    /// Creates the store; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - bucket: Must exist before the first write.
    ///   - prefix: A key prefix with or without the slash at its end; empty for the whole bucket.
    ///   - rangeGap: A request takes 10 to 50 ms to a server across the network, in which a connection brings about
    ///     1 MiB.
    ///   - openingBytes: What opening a reader brings along.
    public init(bucket: S3Bucket, prefix: String = "", rangeGap: Int = 1 << 20, openingBytes: Int = 128 << 10) {
        self.bucket = bucket
        self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
        self.rangeGap = rangeGap
        self.openingBytes = openingBytes
    }

    /// `s3://bucket/prefix`.
    public var description: String { prefix.isEmpty ? "\(bucket)" : "\(bucket)/\(prefix.dropLast())" }

    /// Across a network.
    public var properties: StoreProperties {
        StoreProperties(
            rangeGap: rangeGap,
            requestsInFlight: bucket.client.mostConnections,
            delay: bucket.client.http.delay,
            traffic: bucket.client.counter,
            endCalls: { [client = bucket.client] in client.close() }
        )
    }

    /// One request.
    public func get(_ key: String, limit: Int) throws -> [UInt8]? { try bucket.get(path(key), limit: limit) }

    /// One request.
    public func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        try unsafe bucket.get(path(key), whole: buffer)
    }

    /// One request; see ``S3Store/reader(of:)`` for several ranges of one object.
    public func get(_ key: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
        try unsafe bucket.get(path(key), at: offset, into: buffer)
    }

    /// One request.
    public func get(_ key: String, slice offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> ObjectSlice?
    {
        try unsafe bucket.get(path(key), slice: offset, into: buffer)
    }

    /// Opens an object by asking for its first bytes.
    public func reader(of key: String) throws -> (any ObjectReader)? {
        try S3Reader(path(key), in: bucket, fetching: .bytes(0..<max(1, openingBytes)))
    }

    /// Opens an object by asking for so many of its first bytes.
    public func reader(of key: String, fetchingFirst count: Int) throws -> (any ObjectReader)? {
        try S3Reader(path(key), in: bucket, fetching: .bytes(0..<max(1, count)))
    }

    /// Opens an object by asking for its last bytes.
    public func reader(of key: String, fetchingLast count: Int) throws -> (any ObjectReader)? {
        guard count > 0 else { return try reader(of: key) }
        return try S3Reader(path(key), in: bucket, fetching: .suffix(count))
    }

    /// The same objects; before each change it asks whether the lock is still held.
    public func locked(by lock: TargetLock) -> any ObjectStore {
        var store = self
        store.lock = lock
        return store
    }

    /// One request.
    public func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try lock?.check()
        try bucket.put(path(key), bytes)
    }

    /// Uploads the file, in parts where it is large.
    public func adopt(
        file: String,
        as key: String,
        durability: AtomicFile.Durability,
        on executor: BlockingExecutor
    ) async throws {
        try await executor.run { _ = try bucket.abortUnfinishedUploads(path(key)) }
        try lock?.check()
        try await bucket.upload(file: file, to: path(key), on: executor)
        try FileSystem.remove(file)
    }

    /// Uploads file by file, after what an earlier run left unfinished is gone.
    public func adopt(
        folder: String,
        files: [String],
        as level: String,
        on executor: BlockingExecutor
    ) async throws {
        try await executor.run {
            _ = try bucket.abortUnfinishedUploads(path(level) + "/")
            // What declares the others complete first: nothing of them is replaced under it.
            let present = Set(try list(level + "/").map(\.key))
            for name in files.reversed() where present.contains(ObjectKey.join(level, name)) {
                try delete(ObjectKey.join(level, name))
            }
        }
        for name in files {
            try lock?.check()
            let file = FileSystem.join(folder, name)
            try await bucket.upload(file: file, to: path(ObjectKey.join(level, name)), on: executor)
        }
        try FileSystem.remove(folder)
    }

    /// One request.
    public func delete(_ key: String) throws {
        try lock?.check()
        try bucket.delete(path(key))
    }

    /// One request for each 1000 objects; zero-size markers of directories are left out.
    public func list(_ prefix: String) throws -> [ObjectEntry] {
        var entries: [ObjectEntry] = []
        try bucket.forEachPage(self.prefix + prefix) { page in
            for object in page.objects where !object.key.hasSuffix("/") {
                entries.append(ObjectEntry(key: String(object.key.dropFirst(self.prefix.count)), size: object.size))
            }
        }
        return entries.sorted { $0.key < $1.key }
    }

    /// One request for each 1000 names.
    public func children(of prefix: String) throws -> [String] {
        let start = self.prefix + prefix
        var names: Set<String> = []
        try bucket.forEachPage(start, delimiter: "/") { page in
            let keys = page.objects.map(\.key) + page.prefixes.map { String($0.dropLast()) }
            names.formUnion(keys.map { String($0.dropFirst(start.count)) })
        }
        return names.subtracting([""]).sorted()
    }

    /// One request.
    public func size(of key: String) throws -> Int? { try bucket.head(path(key))?.size }

    /// There is nothing to wait for.
    public func synchronize() throws {}

    private func path(_ key: String) throws -> String {
        try ObjectKey.validate(key)
        return prefix + key
    }
}
