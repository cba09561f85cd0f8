extension FileSystem {
    /// The files below a folder by their paths relative to it, in order, symbolic links followed.
    ///
    /// Names that begin with a dot are left out: locks, unfinished files and all that lies in hidden folders.
    static func visibleFiles(below root: String) throws -> [(path: String, status: FileStatus)] {
        var files: [(path: String, status: FileStatus)] = []
        try visit(root, "", &files)
        return files
    }

    /// Whether no component of a path begins with a dot.
    static func isVisible(_ path: String) -> Bool { !path.hasPrefix(".") && !path.contains("/.") }

    private static func visit(
        _ root: String,
        _ folder: String,
        _ files: inout [(path: String, status: FileStatus)]
    ) throws {
        for name in try list(join(root, folder)) where !name.hasPrefix(".") {
            let path = join(folder, name)
            guard let status = try status(join(root, path)) else { continue }
            switch status.kind {
            case .directory: try visit(root, path, &files)
            case .file: files.append((path, status))
            case .other: continue
            }
        }
    }
}
