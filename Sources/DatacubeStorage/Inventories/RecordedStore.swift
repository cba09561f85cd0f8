/// A store that takes down what is written to it.
struct RecordedStore: ObjectStore {
    let base: any ObjectStore
    let recorder: InventoryRecorder

    var description: String { base.description }
    var properties: StoreProperties { base.properties }

    func get(_ key: String, limit: Int) throws -> [UInt8]? { try base.get(key, limit: limit) }

    func get(_ key: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
        try unsafe base.get(key, at: offset, into: buffer)
    }

    func reader(of key: String) throws -> (any ObjectReader)? { try base.reader(of: key) }

    func reader(of key: String, fetchingLast count: Int) throws -> (any ObjectReader)? {
        try base.reader(of: key, fetchingLast: count)
    }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try base.put(key, bytes, durability: durability)
        try recorder.note(key, bytes)
    }

    func delete(_ key: String) throws {
        try base.delete(key)
        recorder.noteRemoval(of: key)
    }

    func deleteAll(below level: String) throws {
        let keys = try base.list(level + "/").map(\.key)
        try base.deleteAll(below: level)
        for key in keys { recorder.noteRemoval(of: key) }
    }

    func list(_ prefix: String) throws -> [ObjectEntry] { try base.list(prefix) }
    func children(of prefix: String) throws -> [String] { try base.children(of: prefix) }
    func size(of key: String) throws -> Int? { try base.size(of: key) }
    func synchronize() throws { try base.synchronize() }

    func locked(by lock: TargetLock) -> any ObjectStore {
        RecordedStore(base: base.locked(by: lock), recorder: recorder)
    }
}
