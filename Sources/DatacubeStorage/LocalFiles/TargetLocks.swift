/// The locks of all folders that a run works on; they are given back when this is released.
final class TargetLocks: Sendable {
    private let locks: [(folder: String, lock: TargetLock)]
    /// The nearest directory above each folder that was there before.
    private let roots: [String]

    private init(_ locks: [(folder: String, lock: TargetLock)], roots: [String]) {
        self.locks = locks
        self.roots = roots
    }

    /// Takes locks of those names in each folder, which is created if absent.
    ///
    /// - Throws: `locked` naming the owner.
    static func take(
        _ folders: [String],
        names: [String],
        waitsFor seconds: Double = 0,
        onWait: (String) -> Void = { _ in }
    ) async throws -> TargetLocks {
        var locks: [(folder: String, lock: TargetLock)] = []
        let roots = try folders.map { try FileSystem.nearestDirectory(atOrAbove: $0) }
        // In one order, so that no two runs wait for each other.
        for folder in Set(folders).sorted() {
            try FileSystem.createDirectories(folder)
            for name in names.sorted() {
                let path = FileSystem.join(folder, name)
                locks.append((folder, try await .take(path: path, waitsFor: seconds, onWait: onWait)))
            }
        }
        return TargetLocks(locks, roots: roots)
    }

    /// Refuses to go on while another run holds a lock in one of the folders whose name is of a certain kind.
    func exclude(_ isRival: (String) -> Bool) throws {
        for folder in Set(locks.map(\.folder)) {
            for name in try FileSystem.list(folder) where isRival(name) {
                try TargetLock.requireFree(FileSystem.join(folder, name))
            }
        }
    }

    /// Refuses to go on when another run has displaced this one.
    func check() throws { for (_, lock) in locks { try lock.check() } }

    /// A lock of one of the folders.
    subscript(_ folder: String) -> TargetLock? { locks.first { $0.folder == folder }?.lock }

    /// Gives the locks back, and leaves no folder behind that was made for nothing.
    func release() {
        for (folder, lock) in locks {
            lock.release()
            try? FileSystem.removeEmptyDirectories(from: folder, below: roots)
        }
    }
}
