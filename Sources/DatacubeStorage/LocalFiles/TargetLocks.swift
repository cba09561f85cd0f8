/// The locks of all folders that a run works on; they are given back when this is released.
final class TargetLocks {
    private var locks: [LockBox] = []

    /// Takes a lock of that name in each folder, which is created if absent.
    ///
    /// - Throws: `locked` naming the owner.
    init(_ folders: [String], name: String) throws {
        for folder in Set(folders).sorted() {
            try FileSystem.createDirectories(folder)
            locks.append(try LockBox(FileSystem.join(folder, name)))
        }
    }

    func release() { locks = [] }

    // An array cannot hold a noncopyable lock itself.
    private final class LockBox {
        private let lock: TargetLock
        init(_ path: String) throws { lock = try TargetLock(path: path) }
    }
}
