import Synchronization

extension FileSystem {
    private typealias Entry = (name: String, status: FileStatus)

    /// The files below a folder by their paths relative to it, in order, symbolic links followed.
    ///
    /// Names that begin with a dot are left out: locks, unfinished files and all that lies in hidden folders. Folders of
    /// the same depth are looked at side by side: a file server is asked once for each name, and answers many at a time.
    static func visibleFiles(
        below root: String,
        on executor: BlockingExecutor
    ) async throws -> [(path: String, status: FileStatus)] {
        var found: [String: [Entry]] = [:]
        var folders = [""]
        while !folders.isEmpty {
            let entries = Mutex<[String: [Entry]]>([:])
            try await executor.forEach(folders.count) { [folders] index in
                let visible = try visibleEntries(of: join(root, folders[index]))
                entries.withLock { $0[folders[index]] = visible }
            }
            let level = entries.withLock { $0 }
            folders = level.flatMap { folder, entries in
                entries.filter { $0.status.kind == .directory }.map { join(folder, $0.name) }
            }
            found.merge(level) { _, new in new }
        }
        var files: [(path: String, status: FileStatus)] = []
        gather("", found: found, files: &files)
        return files
    }

    /// Whether no component of a path begins with a dot.
    static func isVisible(_ path: String) -> Bool { !path.hasPrefix(".") && !path.contains("/.") }

    private static func visibleEntries(of folder: String) throws -> [Entry] {
        try list(folder).filter { !$0.hasPrefix(".") }.compactMap { name in
            try status(join(folder, name)).map { (name, $0) }
        }
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
            case .other: continue
            }
        }
    }
}
