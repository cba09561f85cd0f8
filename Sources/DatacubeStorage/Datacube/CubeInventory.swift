import Synchronization

/// The inventory of one resolution of a tile-year while it is being written.
///
/// What is about to be replaced is taken off the list before, so that the list never tells of a file what is not so,
/// whenever the run is killed.
final class CubeInventory: Sendable {
    private let place: InventoryPlace
    /// What was written since the run began.
    private let recorder: InventoryRecorder
    private let listed: Mutex<Inventory>

    /// Takes over the inventory that is there.
    init(_ place: InventoryPlace, recorder: InventoryRecorder) throws {
        self.place = place
        self.recorder = recorder
        listed = Mutex(try place.readIfSound() ?? Inventory())
    }

    /// Lists all files of a cube of so many dates, its documents too, which are about to be written.
    func write(of schema: CubeSchema, dates: Int, documents: [(key: String, bytes: [UInt8])]) throws {
        for (key, bytes) in documents { try recorder.note(key, bytes) }
        let written = try recorder.changes(below: place.unit)
        let arrays = schema.arrayNames
        let timeChunks = (dates + schema.chunking.dates - 1) / schema.chunking.dates
        try listed.withLock { listed in
            let files = listed.entries.filter { written[$0.key] == nil }.merging(written.compactMapValues { $0 }) { $1 }
            listed.entries = files.filter { Self.isPart($0.key, arrays: arrays, timeChunks: timeChunks) }
            try place.write(listed)
        }
    }

    /// Takes variables and documents off the list.
    func withdrawDescription() throws { try withdraw { Self.timeChunk(ofFile: $0) == nil } }

    /// Takes the chunks of some dates off the list.
    func withdraw(timeChunk: Int) throws { try withdraw { Self.timeChunk(ofFile: $0) == timeChunk } }

    private func withdraw(_ isDue: (String) -> Bool) throws {
        try listed.withLock { listed in
            let kept = listed.entries.filter { !isDue($0.key) }
            guard kept.count < listed.entries.count else { return }
            listed.entries = kept
            try place.write(listed)
        }
    }

    /// Lists a file that is there and not listed, as it is now: an earlier version wrote no inventories.
    func adopt(_ name: String) throws {
        let key = ObjectKey.join(place.unit, name)
        if let bytes = try place.store.get(key, limit: .max) { try recorder.note(key, bytes) }
    }

    /// Whether a file, named relative to the cube's group, belongs to a cube of certain arrays and so many chunks along time.
    static func isPart(_ name: String, arrays: Set<String>, timeChunks: Int) -> Bool {
        let parts = name.split(separator: "/")
        guard parts.count > 1 else { return name == MetadataDocument.name }
        guard arrays.contains(String(parts[0])), parts[1] != Inventory.fileName else { return false }
        return timeChunk(ofFile: name).map { $0 < timeChunks } ?? true
    }

    /// The number along time of a chunk of pixels; nil for any other file.
    static func timeChunk(ofFile name: String) -> Int? {
        let parts = name.split(separator: "/")
        return parts.count > 2 && parts[0] == "data" && parts[1] == "c" ? Int(parts[2]) : nil
    }
}
