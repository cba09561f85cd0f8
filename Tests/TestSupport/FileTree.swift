package import DatacubeStorage

/// The files below a folder, hidden ones and hidden folders too, by their bytes.
package struct FileTree: Sendable {
    /// SHA3-256 of each file.
    package private(set) var digests: [String: String] = [:]
    /// Size, time and inode of each file.
    package private(set) var statuses: [String: FileStatus] = [:]

    /// Reads every file.
    package init(_ root: String) throws { try visit(root, "") }

    /// Paths of files and, with a slash at the end, of hidden folders, which are unfinished work.
    package var paths: [String] { digests.keys.sorted() }

    /// Paths of files.
    package var files: [String] { statuses.keys.sorted() }

    /// What only one of the trees has and what differs in its bytes.
    package func differences(from other: FileTree) -> [String] {
        Set(paths + other.paths).filter { digests[$0] != other.digests[$0] }.sorted()
    }

    /// Files that are not the same ones as they were, judged by inode and modification time.
    package func rewritten(since other: FileTree) -> [String] {
        files.filter { statuses[$0] != other.statuses[$0] }
    }

    private mutating func visit(_ root: String, _ path: String) throws {
        for name in try FileSystem.list(root + path) {
            let next = "\(path)/\(name)"
            let status = try FileSystem.status(root + next)
            if status?.kind == .directory {
                if name.hasPrefix(".") { digests[next + "/"] = "" }
                try visit(root, next)
            } else {
                digests[next] = try MessageDigest.hexadecimal(ofFile: root + next, .sha3_256)
                statuses[next] = status
            }
        }
    }
}
