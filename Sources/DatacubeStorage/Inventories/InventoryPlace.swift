/// Where a unit lies in a store, and its inventory.
struct InventoryPlace: Sendable {
    let store: any ObjectStore
    /// The path that all files of the unit begin with; empty for the store's root.
    let unit: String
    /// The key of the inventory.
    let key: String

    /// - Parameters:
    ///   - store: Where the unit is.
    ///   - unit: The unit's path.
    ///   - folder: Where below the unit the inventory is; empty for the unit's own folder.
    init(_ store: any ObjectStore, unit: String, folder: String = "") {
        self.store = store
        self.unit = unit
        key = ObjectKey.join(unit, ObjectKey.join(folder, Inventory.fileName))
    }

    /// Takes an inventory by its key: one in a folder `data` is of the folder above, where the array `data` is one of others.
    init(_ store: any ObjectStore, key: String) {
        let folders = key.split(separator: "/").dropLast()
        self.store = store
        self.key = key
        unit = (folders.last == "data" ? folders.dropLast() : folders).joined(separator: "/")
    }

    /// What error texts call the unit.
    var description: String { unit.isEmpty ? "\(store)" : "\(store)/\(unit)" }

    /// The inventory; nil where there is none.
    func read() throws -> Inventory? {
        try store.get(key, limit: Inventory.mostBytes).map { try Inventory($0, path: "\(store)/\(key)") }
    }

    /// The inventory; nil where there is none, or one that makes no sense.
    func readIfSound() throws -> Inventory? {
        do {
            return try read()
        } catch let error as PipelineError where error.code == .corrupt {
            return nil
        }
    }

    /// Writes the inventory.
    func write(_ inventory: Inventory) throws { try store.put(key, inventory.text, durability: .synchronized) }

    /// The files that the unit has, by their paths below it, with their sizes; without the inventory.
    func files() throws -> [String: Int] {
        let prefix = unit.isEmpty ? "" : unit + "/"
        let found = try store.list(prefix).filter { $0.key != key && FileSystem.isVisible($0.key) }
            .map { (String($0.key.dropFirst(prefix.count)), $0.size) }
        return Dictionary(found) { first, _ in first }
    }
}

/// How a unit differs from its inventory.
struct InventoryDifference: Sendable, Equatable {
    /// Files that are listed and not there.
    var missing: [String] = []
    /// Files that are there with another size, or where contents were compared with other bytes.
    var changed: [String] = []
    /// Files that are there and not listed.
    var extra: [String] = []

    var isEmpty: Bool { missing.isEmpty && changed.isEmpty && extra.isEmpty }
    /// What cannot be relied on.
    var lost: [String] { (missing + changed).sorted() }

    init() {}

    /// Compares names and sizes.
    init(_ inventory: Inventory, files: [String: Int]) {
        self.init(sizes: inventory.entries.mapValues(\.size), files: files)
    }

    /// Compares names and sizes of what should be there with those of what is.
    init(sizes: [String: Int], files: [String: Int]) {
        for (name, expected) in sizes {
            guard let size = files[name] else {
                missing.append(name)
                continue
            }
            if size != expected { changed.append(name) }
        }
        extra = files.keys.filter { sizes[$0] == nil }.sorted()
        missing.sort()
        changed.sort()
    }
}
