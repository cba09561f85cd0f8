/// The part of a store that one run converts into, and what keeps another run out of it.
struct ConversionTarget: Sendable {
    private let store: any ObjectStore
    private let key: String
    private let source: String

    /// Names the level `key` of a store, for products that come from the folder `source`.
    init(_ store: any ObjectStore, _ key: String, source: String) {
        self.store = store
        self.key = key
        self.source = source
    }

    /// Takes the lock, and removes what killed runs left.
    ///
    /// Locks need a file system that all nodes share. A bucket is none, so its locks lie beside the products.
    func lock() async throws -> TargetLock {
        guard let local = store as? LocalStore else {
            let name = "\(store)/\(key)".filter { $0 != ":" }.replacing("/", with: "-")
            return try await .take(path: FileSystem.join(source, ".conversion-to-\(name).lock"))
        }
        let folder = FileSystem.join(local.root, key)
        try FileSystem.createDirectories(folder)
        let lock = try await TargetLock.take(path: FileSystem.join(folder, ".conversion.lock"))
        try AtomicFile.removeLeftovers(below: folder)
        return lock
    }
}

extension BlockingExecutor {
    /// Threads for a conversion: twice as many where results go over a network, since a thread that waits for it needs
    /// no processor.
    static func converting(jobs: Int, into store: any ObjectStore) -> BlockingExecutor {
        BlockingExecutor(width: store is LocalStore ? jobs : 2 * jobs)
    }
}
