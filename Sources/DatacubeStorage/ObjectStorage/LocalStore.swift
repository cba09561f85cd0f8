/// Objects as files below a directory, which need not exist before the first write.
///
/// A file appears whole or not at all. Temporary names and locks are never listed. The store itself
/// takes no lock: two writers of one key leave the object of one of them.
public struct LocalStore: ObjectStore {
    /// The directory that holds the objects.
    public let root: String
    private let lock: TargetLock?

    /// Creates the store; nothing is read or written yet.
    public init(root: String) { self.init(root: root, lock: nil) }

    private init(root: String, lock: TargetLock?) {
        self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        self.lock = lock
    }

    /// The same folder; files come into being in the owner's folder, and go by way of it.
    public func locked(by lock: TargetLock) -> any ObjectStore { LocalStore(root: root, lock: lock) }

    /// The root directory.
    public var description: String { root }

    /// Reading through 64 KiB takes about as long as a further system call on a network file system's cache.
    public var properties: StoreProperties {
        StoreProperties(folder: root, rangeGap: 64 << 10, takesAnnouncements: true)
    }

    /// The file's bytes.
    public func get(_ key: String, limit: Int) throws -> [UInt8]? {
        guard let reader = try openReader(key) else { return nil }
        guard reader.byteCount <= limit else { throw tooLarge(key, size: reader.byteCount, limit: limit) }
        return try reader.file.read(count: reader.byteCount, at: 0)
    }

    /// Opens the file, or takes the one that this read has open.
    public func reader(of key: String) throws -> (any ObjectReader)? {
        guard let files = OpenFiles.current else { return try openReader(key) }
        return try files.reader(path(of: key)) { try openReader(key) }
    }

    /// Writes a file under a temporary name and renames it; one that replaces another is always synchronized, so
    /// that no crash can leave neither.
    public func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        let path = try path(of: key)
        let replaces = try FileSystem.exists(path)
        if !replaces { try createDirectories(for: path, durability: durability) }
        let durability = replaces ? .synchronized : durability
        if let lock { return try lock.write(bytes, to: path, durability: durability) }
        try AtomicFile.write(bytes, to: path, durability: durability)
    }

    /// Gives the file its name, when it is on disk unless that is left to ``synchronize()``.
    public func adopt(
        file: String,
        as key: String,
        durability: AtomicFile.Durability,
        on executor: BlockingExecutor
    ) async throws {
        try await executor.run {
            if durability == .synchronized { try LocalFile(reading: file).synchronize() }
            try publish(file, as: path(of: key), durability: durability)
        }
    }

    /// Gives the folder its name when all files are on disk.
    public func adopt(
        folder: String,
        files: [String],
        as level: String,
        on executor: BlockingExecutor
    ) async throws {
        try await executor.run {
            for name in files { try LocalFile(reading: FileSystem.join(folder, name)).synchronize() }
            try FileSystem.synchronizeDirectory(folder)
            let path = try path(of: level)
            // What an older version or a hand left there incomplete would keep the name from being given.
            try remove(path)
            try publish(folder, as: path, durability: .synchronized)
        }
    }

    private func publish(_ temporary: String, as path: String, durability: AtomicFile.Durability) throws {
        let parent = FileSystem.parent(of: path)
        try FileSystem.createDirectories(parent)
        if let lock { try lock.publish(temporary, as: path) } else { try FileSystem.rename(temporary, to: path) }
        if durability == .synchronized { try FileSystem.synchronizeDirectory(parent) }
    }

    /// Removes the file; its directory stays.
    public func delete(_ key: String) throws { try remove(path(of: key)) }

    /// Removes the directory.
    public func deleteAll(below level: String) throws { try remove(path(of: level)) }

    private func remove(_ path: String) throws {
        if let lock { try lock.remove(path) } else { try FileSystem.remove(path) }
    }

    /// Walks the directories below the prefix, symbolic links to files included, those to directories not: they may
    /// lead out of the store or round in circles.
    public func list(_ prefix: String) throws -> [ObjectEntry] {
        let directory = prefix.lastIndex(of: "/").map { String(prefix[..<$0]) } ?? ""
        if !directory.isEmpty { try ObjectKey.validate(directory) }
        var entries: [ObjectEntry] = []
        try walk(directory, prefix: prefix, into: &entries)
        return entries.sorted { $0.key < $1.key }
    }

    /// The names in one directory.
    public func children(of prefix: String) throws -> [String] {
        let directory = prefix.hasSuffix("/") ? String(prefix.dropLast()) : prefix
        let path = directory.isEmpty ? root : try self.path(of: directory)
        guard try FileSystem.status(path)?.kind == .directory else { return [] }
        return try FileSystem.list(path).filter { !AtomicFile.isTemporary($0) && !TargetLock.isLock($0) }
    }

    /// The file's size.
    public func size(of key: String) throws -> Int? {
        guard let status = try FileSystem.status(try path(of: key)), status.kind == .file else { return nil }
        return status.size
    }

    /// Waits for the whole file system that holds the root.
    public func synchronize() throws {
        guard try FileSystem.exists(root) else { return }
        try LocalFile(reading: root).synchronizeFileSystem()
    }

    private func path(of key: String) throws -> String {
        try ObjectKey.validate(key)
        return FileSystem.join(root, key)
    }

    private func openReader(_ key: String) throws -> LocalReader? {
        do {
            return try LocalReader(path: path(of: key))
        } catch let error as PipelineError where error.code == .notFound {
            return nil
        }
    }

    private func createDirectories(for path: String, durability: AtomicFile.Durability) throws {
        let parent = FileSystem.parent(of: path)
        if try FileSystem.exists(parent) { return }
        try FileSystem.createDirectories(parent)
        guard durability == .synchronized else { return }
        var directory = parent
        while directory != root, directory.count > root.count {
            directory = FileSystem.parent(of: directory)
            try FileSystem.synchronizeDirectory(directory)
        }
    }

    private func walk(_ directory: String, prefix: String, into entries: inout [ObjectEntry]) throws {
        for name in try children(of: directory) {
            let key = ObjectKey.join(directory, name)
            guard key.hasPrefix(prefix) || prefix.hasPrefix(key + "/") else { continue }
            let path = FileSystem.join(root, key)
            switch try FileSystem.linkStatus(path)?.kind {
            case .directory: try walk(key, prefix: prefix, into: &entries)
            case .file, .link:
                guard let status = try FileSystem.status(path), status.kind == .file else { continue }
                entries.append(ObjectEntry(key: key, size: status.size))
            case .other, nil: continue
            }
        }
    }
}

/// One open file.
private final class LocalReader: ObjectReader {
    let file: LocalFile
    let byteCount: Int

    init(path: String) throws {
        let file = try LocalFile(reading: path)
        let status = try file.status()
        guard status.kind == .file else { throw PipelineError(.notFound, "\(path) is not a file") }
        self.byteCount = status.size
        self.file = file
    }

    var holdsDescriptor: Bool { true }

    func expectScatteredReads() { file.expectScatteredReads() }

    func announce(_ ranges: [Range<Int>]) { for range in ranges { file.announce(range) } }

    func size() throws -> Int { byteCount }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        try unsafe file.read(into: buffer, at: offset)
    }
}
