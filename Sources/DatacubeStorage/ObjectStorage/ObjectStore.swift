/// Bytes under keys: a directory, memory or an S3 bucket.
///
/// Calls block; run them on a ``BlockingExecutor``. They may overlap, on one key too: a reader sees an object as it
/// was before or after a ``put(_:_:durability:)``, never a mixture. Keys are relative paths with `/` between
/// components; a key that would leave the root is refused.
public protocol ObjectStore: Sendable, CustomStringConvertible {
    /// What the store is like.
    var properties: StoreProperties { get }
    /// The whole object, or nil when there is none; an object of more than `limit` bytes is an error.
    func get(_ key: String, limit: Int) throws -> [UInt8]?
    /// Puts the whole object at the beginning of the caller's buffer and returns its size, or nil when there is none; one that
    /// is larger than the buffer is an error.
    func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int?
    /// Fills the caller's buffer with bytes of an object; false when there is no such object.
    ///
    /// `corrupt` is thrown when the object ends before the buffer is full.
    func get(_ key: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Bool
    /// Puts what an object has from an offset on at the beginning of the caller's buffer, as much as that takes: nothing where the
    /// object ends before; nil when there is no such object.
    func get(_ key: String, slice offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> ObjectSlice?
    /// Opens an object for reads of ranges, or nil when there is none.
    func reader(of key: String) throws -> (any ObjectReader)?
    /// Opens an object of which some of the first bytes will be wanted first; nil when there is none.
    func reader(of key: String, fetchingFirst count: Int) throws -> (any ObjectReader)?
    /// Opens an object of which the last bytes will be wanted first; nil when there is none.
    func reader(of key: String, fetchingLast count: Int) throws -> (any ObjectReader)?
    /// Stores an object, replacing one of that key.
    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws
    /// Takes a finished file over as an object; the file is gone afterwards.
    func adopt(
        file path: String,
        as key: String,
        durability: AtomicFile.Durability,
        on executor: BlockingExecutor
    ) async throws
    /// Takes a folder of finished files over as the only objects of a level, the last ones last; the folder is gone
    /// afterwards.
    func adopt(folder path: String, files: [String], as level: String, on executor: BlockingExecutor) async throws
    /// Removes an object; nothing there is fine.
    func delete(_ key: String) throws
    /// Removes everything below a level; nothing there is fine.
    func deleteAll(below level: String) throws
    /// All objects whose key begins with `prefix`, sorted by key.
    func list(_ prefix: String) throws -> [ObjectEntry]
    /// The names directly below a prefix that is empty or ends with `/`: objects and further levels, sorted.
    func children(of prefix: String) throws -> [String]
    /// The object's size in bytes, or nil when there is none.
    func size(of key: String) throws -> Int?
    /// Waits until everything stored with ``AtomicFile/Durability/deferred`` is safe.
    func synchronize() throws
    /// The same store, which changes nothing any more once another run has taken the lock over.
    func locked(by lock: TargetLock) -> any ObjectStore
}

extension ObjectStore {
    /// The whole of an object that is small: a document, or a chunk of text.
    ///
    /// At most 64 MiB are taken, a hundred times what such objects have; others are read by ranges.
    public func get(_ key: String) throws -> [UInt8]? { try get(key, limit: 64 << 20) }

    /// The error for an object that is larger than what is sensible.
    func tooLarge(_ key: String, size: Int, limit: Int) -> PipelineError {
        PipelineError(
            .unsupported,
            "\(self)/\(key) has \(formatBytes(size)); at most \(formatBytes(limit)) are expected of such a file"
        )
    }

    /// The bytes of an object in a range, all of them, or nil when there is no such object.
    ///
    /// - Throws: `corrupt` when the object ends before the range does.
    public func get(_ key: String, range: Range<Int>) throws -> [UInt8]? {
        var isThere = false
        let bytes = try unsafe [UInt8](unsafeUninitializedCapacity: range.count) { buffer, initialized in
            let bytes = unsafe UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: range.count)
            isThere = try unsafe get(key, at: range.lowerBound, into: bytes)
            initialized = isThere ? range.count : 0
        }
        return isThere ? bytes : nil
    }

    /// Opens the object and reads all of it.
    public func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        guard let reader = try reader(of: key) else { return nil }
        let size = try reader.size()
        guard size <= buffer.count else { throw tooLarge(key, size: size, limit: buffer.count) }
        try unsafe reader.read(0, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<size]))
        return size
    }

    /// Reads bytes of an object into the caller's buffer, as many as it holds; false when there is no such object.
    public func get(_ key: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
        guard let reader = try reader(of: key) else { return false }
        try unsafe reader.read(offset, into: buffer)
        return true
    }

    /// Opens the object and reads what there is.
    public func get(_ key: String, slice offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> ObjectSlice?
    {
        guard let reader = try reader(of: key) else { return nil }
        let count = max(0, min(buffer.count, try reader.size() - offset))
        if count > 0 { try unsafe reader.read(offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])) }
        return ObjectSlice(count: count, state: nil)
    }

    /// Opens the object; its first bytes are read when they are asked for.
    public func reader(of key: String, fetchingFirst count: Int) throws -> (any ObjectReader)? { try reader(of: key) }

    /// Opens the object; its last bytes are read when they are asked for.
    public func reader(of key: String, fetchingLast count: Int) throws -> (any ObjectReader)? { try reader(of: key) }

    /// Takes a finished file over, and waits until it is safe.
    public func adopt(file path: String, as key: String, on executor: BlockingExecutor) async throws {
        try await adopt(file: path, as: key, durability: .synchronized, on: executor)
    }

    /// Reads the file and stores its bytes.
    public func adopt(
        file path: String,
        as key: String,
        durability: AtomicFile.Durability,
        on executor: BlockingExecutor
    ) async throws {
        try await executor.run {
            try put(key, FileSystem.contents(of: path), durability: durability)
            try FileSystem.remove(path)
        }
    }

    /// Takes file by file over.
    public func adopt(
        folder path: String,
        files: [String],
        as level: String,
        on executor: BlockingExecutor
    ) async throws {
        for name in files {
            try await adopt(file: FileSystem.join(path, name), as: ObjectKey.join(level, name), on: executor)
        }
        try FileSystem.remove(path)
    }

    /// The store itself, for one whose objects no other process can change.
    public func locked(by lock: TargetLock) -> any ObjectStore { self }

    /// Removes the objects below a level one by one.
    public func deleteAll(below level: String) throws {
        for entry in try list(level + "/") { try delete(entry.key) }
    }

    /// The names below a prefix, found by listing every object below it.
    public func children(of prefix: String) throws -> [String] {
        let names = try list(prefix).compactMap { entry in
            entry.key.dropFirst(prefix.count).split(separator: "/").first.map(String.init)
        }
        return Set(names).sorted()
    }
}

/// One open object; what it reads belongs to one state of the object.
public protocol ObjectReader: Sendable {
    /// Whether it takes one of the process's few file descriptors, so that it should not be kept for long.
    var holdsDescriptor: Bool { get }
    /// Says that reads will be of parts here and there, so that nothing need be fetched beyond them.
    func expectScatteredReads()
    /// Says what will be read soon, by this reader or another one, so that a disk can begin.
    func announce(_ ranges: [Range<Int>])
    /// Bytes in the object.
    func size() throws -> Int
    /// Fills `buffer` with the bytes from `offset` on; a short read is an error.
    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
    /// Fills `buffer` with the object's last bytes; an object that is shorter is an error.
    func readSuffix(into buffer: UnsafeMutableRawBufferPointer) throws
}

extension ObjectReader {
    /// Nothing but memory is held.
    public var holdsDescriptor: Bool { false }

    /// Only what is asked for is fetched anyway.
    public func expectScatteredReads() {}

    /// Nothing comes of it where it is not a disk that reads.
    public func announce(_ ranges: [Range<Int>]) {}

    /// The bytes from `offset` on; a short read is an error.
    public func read(count: Int, at offset: Int) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            let bytes = unsafe UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
            try unsafe read(offset, into: bytes)
            initialized = count
        }
    }

    /// Reads the last bytes by way of the size.
    public func readSuffix(into buffer: UnsafeMutableRawBufferPointer) throws {
        let size = try size()
        guard size >= buffer.count else {
            throw PipelineError(.corrupt, "the object has \(size) bytes; at least \(buffer.count) are expected")
        }
        try unsafe read(size - buffer.count, into: buffer)
    }
}

/// A key and the size of what it holds.
public struct ObjectEntry: Sendable, Equatable {
    /// The object's key.
    public let key: String
    /// Bytes.
    public let size: Int

    /// Creates an entry.
    public init(key: String, size: Int) {
        self.key = key
        self.size = size
    }
}

/// What keys may look like.
public enum ObjectKey {
    /// Refuses a key that is empty or absolute, or has a component that is empty, `.` or `..`.
    public static func validate(_ key: String) throws(PipelineError) {
        guard isSafe(key) else {
            throw PipelineError(
                .unsupported,
                "the key '\(key)' would leave its store; keys are relative paths without empty, '.' or '..' components"
            )
        }
    }

    /// `path/name`, or `name` in the root.
    public static func join(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "/" + name }

    private static func isSafe(_ key: String) -> Bool {
        !key.utf8.contains(0)
            && key.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
    }
}

/// A part of an object that was read without knowing where the object ends.
public struct ObjectSlice: Sendable {
    /// Bytes that there were.
    public let count: Int
    /// Tells one state of the object from another; nil where that is not known.
    public let state: String?
}
