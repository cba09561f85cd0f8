/// Files that appear whole or not at all.
///
/// Bytes go to a temporary name in the same directory; the rename to the final name comes last. A kill leaves
/// a name that begins with `.` and ends with ``temporarySuffix``; ``removeLeftovers(below:)`` clears those away.
public enum AtomicFile {
    /// How much of the way to the disk to wait for before the rename.
    public enum Durability: Sendable {
        /// File and directory are on disk when the call returns.
        case synchronized
        /// Left to the system; the caller flushes many files at once with ``LocalFile/synchronizeFileSystem()``
        /// before it writes whatever declares them complete.
        case deferred
    }

    /// The ending of every temporary name.
    public static let temporarySuffix = ".partial"

    /// Writes the bytes under the path; see ``create(_:durability:temporary:_:)``.
    public static func write(
        _ bytes: [UInt8],
        to path: String,
        durability: Durability = .synchronized,
        temporary: String? = nil
    ) throws {
        try unsafe bytes.withUnsafeBytes { buffer in
            try create(path, durability: durability, temporary: temporary) { file in
                try unsafe file.write(buffer, at: 0)
            }
        }
    }

    /// Creates the file by `body`, then gives it its name.
    ///
    /// - Parameters:
    ///   - path: The file's name.
    ///   - durability: Whether to wait for the disk.
    ///   - temporary: Where the file is made, on the same file system; by default beside its place.
    ///   - body: Writes the content.
    /// - Throws: What `body` throws, or ``PipelineError`` naming the path.
    public static func create(
        _ path: String,
        durability: Durability = .synchronized,
        temporary: String? = nil,
        body: (borrowing LocalFile) throws -> Void
    ) throws {
        let temporary = temporary ?? temporaryName(for: path)
        do {
            let file = try LocalFile(creating: temporary)
            try body(file)
            if durability == .synchronized { try file.synchronize() }
            try file.close()
            try FileSystem.rename(temporary, to: path)
        } catch {
            try? FileSystem.remove(temporary)
            throw error
        }
        if durability == .synchronized { try FileSystem.synchronizeDirectory(FileSystem.parent(of: path)) }
    }

    /// A name beside `path`, or in another folder, that nobody else uses.
    ///
    /// Drawn at random: numbers of processes repeat on other hosts, in containers and after a restart, and what a run
    /// counts begins anew with the next one, while what a killed run left stays.
    public static func temporaryName(for path: String, in folder: String? = nil) -> String {
        let name = ".\(stem(of: path)).\(String(UInt64.random(in: 0...(.max)), radix: 16))\(temporarySuffix)"
        return FileSystem.join(folder ?? FileSystem.parent(of: path), name)
    }

    // File systems take names of 255 bytes, and what is added to one must fit as well.
    private static let mostStemBytes = 200

    /// The name of a file, or its beginning where it is so long that nothing could be added to it.
    private static func stem(of path: String) -> Substring {
        var stem = FileSystem.name(of: path)[...]
        while stem.utf8.count > mostStemBytes { stem.removeLast() }
        return stem
    }

    /// Whether a name was made by ``temporaryName(for:in:)``.
    public static func isTemporary(_ name: some StringProtocol) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(temporarySuffix)
    }

    /// Removes what killed runs left anywhere below a directory, but not inside locks nor beyond symbolic links; call it
    /// only while holding the target's lock.
    public static func removeLeftovers(below directory: String) throws {
        guard try FileSystem.status(directory)?.kind == .directory else { return }
        for name in try FileSystem.list(directory) where !TargetLock.isLock(name) {
            let path = FileSystem.join(directory, name)
            if isTemporary(name) {
                try FileSystem.remove(path)
            } else if try FileSystem.linkStatus(path)?.kind == .directory {
                try removeLeftovers(below: path)
            }
        }
    }
}
