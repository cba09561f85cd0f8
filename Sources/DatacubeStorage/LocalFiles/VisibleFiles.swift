import Glibc
import Synchronization

/// The files below a folder.
struct FileListing: Sendable {
    /// By their paths relative to the folder, in order.
    var files: [(path: String, status: FileStatus)] = []
    /// What is there and cannot be looked at, or is a symbolic link, which nobody follows.
    var refusals: [FileRefusal] = []

    /// What cannot be looked at, so that nobody knows what is in there.
    var unreadable: [FileRefusal] { refusals.filter { $0.error.code == .unreadable } }
}

/// Something of a tree that is left out, by its path relative to the tree's root.
struct FileRefusal: Sendable {
    let path: String
    let error: PipelineError
}

extension FileSystem {
    private typealias Entry = (name: String, status: FileStatus)

    /// The files below a folder.
    ///
    /// Names that begin with a dot are left out: locks, unfinished files and all that lies in hidden folders. Symbolic
    /// links are refused, since they may lead out of the folder, or in a circle; the folder itself may be one. Folders of
    /// the same depth are looked at side by side: a file server is asked once for each name, and answers many at a time.
    ///
    /// - Throws: ``PipelineError`` when the folder itself cannot be listed.
    static func visibleFiles(below root: String, on executor: BlockingExecutor) async throws -> FileListing {
        var found: [String: [Entry]] = [:]
        var refusals: [FileRefusal] = []
        var folders = [""]
        while !folders.isEmpty {
            let level = Mutex<(entries: [String: [Entry]], refusals: [FileRefusal])>(([:], []))
            try await executor.forEach(folders.count) { [folders] index in
                let (entries, refused) = try visibleEntries(of: folders[index], below: root)
                level.withLock {
                    $0.entries[folders[index]] = entries
                    $0.refusals += refused
                }
            }
            let (entries, refused) = level.withLock { $0 }
            folders = entries.flatMap { folder, entries in
                entries.filter { $0.status.kind == .directory }.map { join(folder, $0.name) }
            }
            found.merge(entries) { _, new in new }
            refusals += refused
        }
        var listing = FileListing(refusals: refusals.sorted { $0.path < $1.path })
        gather("", found: found, files: &listing.files)
        return listing
    }

    /// Whether no component of a path begins with a dot.
    static func isVisible(_ path: String) -> Bool { !path.hasPrefix(".") && !path.contains("/.") }

    private static func visibleEntries(
        of folder: String,
        below root: String
    ) throws -> (entries: [Entry], refusals: [FileRefusal]) {
        let names: [String]
        do throws(PipelineError) {
            names = try list(join(root, folder)).filter { !$0.hasPrefix(".") }
        } catch {
            // One folder that cannot be listed costs what is in it.
            guard !folder.isEmpty else { throw error }
            return ([], error.code == .notFound ? [] : [FileRefusal(path: folder, error: error)])
        }
        var (entries, refusals): ([Entry], [FileRefusal]) = ([], [])
        for name in names {
            let path = join(folder, name)
            do throws(PipelineError) {
                if let status = try entryStatus(join(root, path)) { entries.append((name, status)) }
            } catch {
                refusals.append(FileRefusal(path: path, error: error))
            }
        }
        return (entries, refusals)
    }

    private static func entryStatus(_ path: String) throws(PipelineError) -> FileStatus? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw SystemCall.failure("read", path)
        }
        guard status.st_mode & S_IFMT != S_IFLNK else {
            throw PipelineError(
                .unsupported,
                "\(path) is a symbolic link, which is not followed; put the file or folder itself there"
            )
        }
        return FileStatus(status)
    }

    private static func gather(
        _ folder: String,
        found: [String: [Entry]],
        files: inout [(path: String, status: FileStatus)]
    ) {
        for (name, status) in found[folder] ?? [] {
            let path = join(folder, name)
            switch status.kind {
            case .directory: gather(path, found: found, files: &files)
            case .file: files.append((path, status))
            default: continue
            }
        }
    }
}
