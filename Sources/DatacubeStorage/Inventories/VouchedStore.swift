import Synchronization

/// A store to read a unit from, in which an object that the unit's inventory lists cannot be missing unnoticed.
///
/// In a datacube a chunk that is not there means pixels without data. One that was lost looks the same; the inventory tells.
/// It is read when an object is not found for the first time.
final class VouchedStore: ForwardingStore {
    let base: any ObjectStore
    private let place: InventoryPlace
    private let remedy: String
    private let mayBeAbsent: @Sendable (_ key: String) -> Bool
    private let listed = Mutex<Inventory??>(nil)

    /// - Parameters:
    ///   - place: The unit.
    ///   - remedy: What restores a file that is lost.
    ///   - mayBeAbsent: Whether an object is one whose absence says that there is no unit, or none yet.
    init(_ place: InventoryPlace, remedy: String, mayBeAbsent: @escaping @Sendable (_ key: String) -> Bool) {
        base = place.store
        self.place = place
        self.remedy = remedy
        self.mayBeAbsent = mayBeAbsent
    }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        throw PipelineError(.unsupported, "\(self) was opened to be read")
    }

    func delete(_ key: String) throws { throw PipelineError(.unsupported, "\(self) was opened to be read") }

    func synchronize() throws {}

    func found<Value>(_ value: Value?, at key: String) throws -> Value? {
        if value == nil { try checkAbsence(of: key) }
        return value
    }

    private func checkAbsence(of key: String) throws {
        let prefix = place.unit.isEmpty ? "" : place.unit + "/"
        guard key.hasPrefix(prefix), !mayBeAbsent(key),
            try inventory()?.entries[String(key.dropFirst(prefix.count))] != nil
        else {
            return
        }
        throw PipelineError(.corrupt, "\(base)/\(key) is lost, for \(place.key) lists it; \(remedy)")
    }

    private func inventory() throws -> Inventory? {
        try listed.withLock { listed in
            if let known = listed { return known }
            let read = try place.readIfSound()
            listed = .some(read)
            return read
        }
    }
}
