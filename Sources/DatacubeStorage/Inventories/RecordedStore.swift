/// A store that takes down what is written to it.
struct RecordedStore: ForwardingStore {
    let base: any ObjectStore
    let recorder: InventoryRecorder

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

    func locked(by lock: TargetLock) -> any ObjectStore {
        RecordedStore(base: base.locked(by: lock), recorder: recorder)
    }
}
