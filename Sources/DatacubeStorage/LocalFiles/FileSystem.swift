import Glibc

/// The operations on paths that the jobs need, each naming the path when it fails.
public enum FileSystem {
    /// What is at the path, or nil when nothing is; of a symbolic link, what it leads to.
    public static func status(_ path: String) throws(PipelineError) -> FileStatus? {
        var status = stat()
        if unsafe stat(path, &status) == 0 { return FileStatus(status) }
        return try nothing(at: path)
    }

    /// The number of the device that holds what is at the path.
    static func device(of path: String) throws(PipelineError) -> UInt64 {
        var status = stat()
        try SystemCall.check("read", path: path) { unsafe stat(path, &status) }
        return UInt64(status.st_dev)
    }

    /// What is at the path, a symbolic link as such, or nil when nothing is.
    ///
    /// For walks that must neither leave a folder nor go round in circles.
    public static func linkStatus(_ path: String) throws(PipelineError) -> FileStatus? {
        var status = stat()
        if unsafe lstat(path, &status) == 0 { return FileStatus(status) }
        return try nothing(at: path)
    }

    private static func nothing(at path: String) throws(PipelineError) -> FileStatus? {
        guard errno == ENOENT || errno == ENOTDIR else { throw SystemCall.failure("read", path) }
        return nil
    }

    /// Whether something is at the path.
    public static func exists(_ path: String) throws(PipelineError) -> Bool { try status(path) != nil }

    /// The names in a directory, sorted, without `.` and `..`.
    public static func list(_ path: String) throws(PipelineError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw SystemCall.failure("list", path) }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(directory) else { break }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw SystemCall.failure("list", path) }
        return names.sorted()
    }

    /// Creates a directory and its parents; one that exists is fine.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - root: A directory that is not created anew when it is gone.
    /// - Throws: ``PipelineError`` naming the path.
    public static func createDirectories(_ path: String, below root: String? = nil) throws(PipelineError) {
        if path == root {
            guard try exists(path) else { throw SystemCall.failure("create", path, errno: ENOENT) }
            return
        }
        if unsafe mkdir(path, 0o755) == 0 { return }
        switch errno {
        case EEXIST:
            guard try status(path)?.kind == .directory else {
                throw PipelineError(.unwritable, "cannot create directory \(path): something else has that name")
            }
        case ENOENT where path.contains("/"):
            try createDirectories(parent(of: path), below: root)
            guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw SystemCall.failure("create", path) }
        default:
            throw SystemCall.failure("create", path)
        }
    }

    /// Gives a file or directory another name on the same file system, replacing a file of that name.
    public static func rename(_ path: String, to target: String) throws(PipelineError) {
        try SystemCall.check("rename", path: "\(path) to \(target)") { unsafe Glibc.rename(path, target) }
    }

    /// Removes a file, or a directory with all that is in it; nothing there is fine.
    public static func remove(_ path: String) throws(PipelineError) {
        guard let status = try linkStatus(path) else { return }
        if status.kind == .directory {
            for name in try list(path) { try remove(join(path, name)) }
            guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw SystemCall.failure("remove", path) }
        } else {
            guard unsafe unlink(path) == 0 || errno == ENOENT else { throw SystemCall.failure("remove", path) }
        }
    }

    /// The path itself if something is there, else the first of those above it that is.
    static func nearestDirectory(atOrAbove path: String) throws(PipelineError) -> String {
        var folder = path
        while folder != "/", folder != ".", try !exists(folder) { folder = parent(of: folder) }
        return folder
    }

    /// Removes a directory and those above it while they are empty, up to one of the roots, which stays.
    static func removeEmptyDirectories(from path: String, below roots: [String]) throws(PipelineError) {
        var directory = path
        while !roots.contains(directory), directory != "/", directory != ".", unsafe rmdir(directory) == 0 {
            directory = parent(of: directory)
        }
    }

    /// Removes the visible directories below a root that are empty, or have nothing but such in them; `isDue` decides by
    /// the path below the root.
    static func removeEmptyDirectories(
        within root: String,
        isDue: (_ path: String) -> Bool
    ) throws(PipelineError) {
        func visit(_ path: String) throws(PipelineError) {
            let folder = path.isEmpty ? root : join(root, path)
            for name in try list(folder) where !name.hasPrefix(".") {
                let child = path.isEmpty ? name : join(path, name)
                if try linkStatus(join(folder, name))?.kind == .directory { try visit(child) }
            }
            if !path.isEmpty, isDue(path) { _ = unsafe rmdir(folder) }
        }
        try visit("")
    }

    /// Waits until the names in a directory are on disk.
    public static func synchronizeDirectory(_ path: String) throws(PipelineError) {
        let directory = try LocalFile(reading: path)
        // Some network file systems refuse fsync on a directory with EINVAL; they order names themselves.
        guard fsync(directory.descriptor) == 0 || errno == EINVAL else { throw SystemCall.failure("write", path) }
    }

    /// Bytes that this user may still write to the file system that holds the path.
    public static func freeBytes(at path: String) throws(PipelineError) -> Int {
        var status = statvfs()
        try SystemCall.check("read", path: path) { unsafe statvfs(path, &status) }
        let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflow ? .max : Int(clamping: bytes)
    }

    /// The whole content of a small file; more bytes than `limit` are refused, so that a wrong path cannot fill
    /// the memory.
    public static func contents(of path: String, limit: Int = 64 << 20) throws(PipelineError) -> [UInt8] {
        let file = try LocalFile(reading: path)
        let status = try file.status()
        guard status.kind == .file else { throw PipelineError(.unreadable, "\(path) is not a file") }
        guard status.size <= limit else {
            throw PipelineError(
                .unsupported,
                "\(path) has \(status.size) bytes; at most \(limit) are expected of such a file"
            )
        }
        return try file.read(count: status.size, at: 0)
    }

    /// `directory/name`, without a doubled slash.
    public static func join(_ directory: String, _ name: String) -> String {
        directory.isEmpty ? name : directory.hasSuffix("/") ? directory + name : directory + "/" + name
    }

    // All look at bytes: trees have millions of paths, and characters have to be found first.
    private static let slash = UInt8(ascii: "/")

    /// The names between the slashes of a path.
    static func components(of path: String) -> [Substring] { path.utf8.split(separator: slash).map { Substring($0) } }

    /// The last component of a path.
    public static func name(of path: String) -> String {
        let bytes = path.utf8
        guard let last = bytes.lastIndex(where: { $0 != slash }) else { return path }
        let start = bytes[..<last].lastIndex(of: slash).map { bytes.index(after: $0) } ?? bytes.startIndex
        return String(path[start...last])
    }

    /// The path without its last component; `.` for a bare name.
    public static func parent(of path: String) -> String {
        let bytes = path.utf8.count > 1 && path.utf8.last == slash ? path.utf8.dropLast() : path.utf8[...]
        guard let last = bytes.lastIndex(of: slash) else { return "." }
        return last == bytes.startIndex ? "/" : String(path[..<last])
    }
}
