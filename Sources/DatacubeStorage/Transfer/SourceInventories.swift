import Synchronization

/// What the inventories of a source say of its files, and where contents are compared the manifests of products.
struct SourceInventories: Sendable {
    /// What each listed file should be, by its path below the format's root.
    private(set) var entries: [String: ListedFiles.File] = [:]
    /// Listed files that the source has lost or that have another size or checksum there, and inventories that cannot be
    /// read; none of them is brought anywhere, nor what would declare them complete.
    private(set) var failures: [FileRefusal] = []

    /// One file of the source, as a listing tells.
    struct File {
        let path: String
        let size: Int
        /// Where the listing tells it.
        var md5: String?
    }

    /// Reads the inventories among the selected files of a source.
    ///
    /// `files` are all that the source has: a unit may have files that are not selected, which are none the less there.
    init(
        of format: DataFormat,
        selection: FileSelection,
        files: [File],
        by verification: FileVerification = .size,
        in store: any ObjectStore,
        on executor: BlockingExecutor
    ) async throws {
        if verification == .checksum {
            let admitted = files.map(\.path).filter { selection.admits($0, of: format) }
            try await readManifests(of: format, admitted, in: store, on: executor)
        }
        let paths = files.map(\.path).filter {
            FileSystem.name(of: $0) == Inventory.fileName && selection.admits($0, of: format)
        }
        guard !paths.isEmpty else { return }
        let read = Mutex<[(place: InventoryPlace, result: Result<Inventory, PipelineError>)]>([])
        try await executor.forEach(paths.count) { index in
            let place = InventoryPlace(store, key: paths[index])
            let result = try PipelineError.result { try place.read() ?? Inventory() }
            read.withLock { $0.append((place, result)) }
        }
        let known = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        for (place, result) in read.withLock({ $0 }) {
            switch result {
            case .success(let inventory): add(inventory, of: place, files: known, format: format)
            case .failure(let error): failures.append(FileRefusal(path: place.key, error: error))
            }
        }
        failures = failures.filter { selection.admits($0.path, of: format) }.sorted { $0.path < $1.path }
    }

    /// A manifest that cannot be read lists nothing; what is in no list is compared with its source as it is.
    private mutating func readManifests(
        of format: DataFormat,
        _ paths: [String],
        in store: any ObjectStore,
        on executor: BlockingExecutor
    ) async throws {
        let read = Mutex<[String: ListedFiles.File]>([:])
        try await executor.forEach(paths.count) { index in
            let result = try PipelineError.result { try format.layout.files(listedBy: paths[index], in: store) }
            guard case .success(let listed?) = result else { return }
            let files = listed.files.map { (ObjectKey.join(listed.unit, $0.key), $0.value) }
            read.withLock { $0.merge(files) { first, _ in first } }
        }
        entries = read.withLock { $0 }
    }

    private mutating func add(
        _ inventory: Inventory,
        of place: InventoryPlace,
        files: [String: File],
        format: DataFormat
    ) {
        for (name, entry) in inventory.entries {
            let path = ObjectKey.join(place.unit, name)
            entries[path] = ListedFiles.File(entry)
            guard let reason = Self.reason(files[path], entry: entry) else { continue }
            let text = "\(place.store)/\(path) \(reason) by \(place.key); \(format.restoration)"
            failures.append(FileRefusal(path: path, error: PipelineError(.corrupt, text)))
        }
    }

    private static func reason(_ file: File?, entry: Inventory.Entry) -> String? {
        guard let file else { return "is lost: it is listed" }
        if file.size != entry.size { return "has \(file.size) bytes and should have \(entry.size)" }
        return file.md5.map { $0 != entry.md5 } ?? false ? "has another MD5 than" : nil
    }
}

extension DataFormat {
    /// How files of the format on the network drive are made again, in words.
    var restoration: String {
        switch origin {
        case .intake: "s2-intake fetches the product again"
        case .safe2cog: "safe2cog makes it again"
        case .safe2zarr: "safe2zarr --layout \(name) makes it again"
        }
    }
}
