/// A store that stays as it is, and a folder of what is to become of it: changes go to the folder, within a lock's own.
///
/// An empty file in the folder stands for an object that is gone. Objects of size 0 are therefore none.
struct OverlaidStore: ObjectStore {
    private let base: (any ObjectStore)?
    private let changes: LocalStore
    private let lock: TargetLock

    /// - Parameters:
    ///   - base: What is there; nil when nothing is.
    ///   - folder: Within the lock's ``TargetLock/workFolder``; need not exist.
    ///   - lock: What keeps others out of it.
    init(_ base: (any ObjectStore)?, changesIn folder: String, under lock: TargetLock) {
        self.base = base
        self.lock = lock
        changes = LocalStore(root: folder)
    }

    var description: String { base?.description ?? changes.root }

    var properties: StoreProperties {
        var properties = base?.properties ?? changes.properties
        properties.folder = nil
        return properties
    }

    func get(_ key: String, limit: Int) throws -> [UInt8]? {
        guard let bytes = try changes.get(key, limit: limit) else { return try base?.get(key, limit: limit) }
        return bytes.isEmpty ? nil : bytes
    }

    func reader(of key: String) throws -> (any ObjectReader)? {
        guard let reader = try changes.reader(of: key) else { return try base?.reader(of: key) }
        return try reader.size() == 0 ? nil : reader
    }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try ObjectKey.validate(key)
        let path = FileSystem.join(changes.root, key)
        let parent = FileSystem.parent(of: path)
        // Never the lock's folder itself: one that another run took over must stay away.
        if try !FileSystem.exists(parent) { try lock.createFolder(parent) }
        try AtomicFile.write(bytes, to: path, durability: durability)
    }

    func delete(_ key: String) throws {
        if try base?.size(of: key) != nil { try put(key, [], durability: .deferred) } else { try changes.delete(key) }
    }

    func list(_ prefix: String) throws -> [ObjectEntry] {
        let changed = try changes.list(prefix)
        let keys = Set(changed.map(\.key))
        let kept = try base?.list(prefix).filter { !keys.contains($0.key) } ?? []
        return (kept + changed.filter { $0.size > 0 }).sorted { $0.key < $1.key }
    }

    func size(of key: String) throws -> Int? {
        guard let size = try changes.size(of: key) else { return try base?.size(of: key) }
        return size > 0 ? size : nil
    }

    func synchronize() throws { try changes.synchronize() }
}
