extension DataFormat {
    /// The groups of `zarr`, all of a tile-year in one ZIP archive.
    public static let zipzarr = DataFormat(
        "zipzarr",
        summary: "the chunks of zarr in one ZIP archive a tile-year",
        origin: .safe2zarr,
        layout: ZipZarrLayout()
    )
}

/// One archive a tile-year, `<tile>/<year>.zip`, with the groups `10m`, `20m` and `60m` below a root group.
struct ZipZarrLayout: CubeLayout {
    let chunks = ZarrLayout.ownFiles
    let isOneObject = true
    private static let ending = ".zip"

    func level(of tileYear: TileYear) -> String { "\(tileYear)\(Self.ending)" }

    func place(of path: [Substring]) -> FilePlace? {
        guard path.count == 2, let year = year(ofName: path[1]) else { return nil }
        return FilePlace(tile: String(path[0]), year: year)
    }

    private func year(ofName name: some StringProtocol) -> Int? {
        name.hasSuffix(Self.ending) ? Int(name.dropLast(Self.ending.count)) : nil
    }

    func prefix(ofTile tile: String) -> String? { tile + "/" }

    func tileYears(in store: any ObjectStore) throws -> [TileYear] {
        try store.children(of: "").filter { MGRSTile.isName($0) }.flatMap { tile in
            try store.children(of: "\(tile)/").compactMap { year(ofName: $0) }.map { TileYear(tile: tile, year: $0) }
        }
    }

    func cubes(of tileYear: TileYear, in store: any ObjectStore) throws -> CubePlace? {
        try ZipStore.open(level(of: tileYear), in: store).map { CubePlace(store: $0, path: "") }
    }

    func reports(by inspection: UnitInspection) async throws -> [UnitReport] {
        let (store, key) = (inspection.data.store, level(of: inspection.data.tileYear))
        do {
            guard let archive = try await inspection.executor.run({ try ZipStore.open(key, in: store) }) else {
                return []
            }
            var reports: [UnitReport] = []
            if inspection.verification == .checksum {
                var difference = InventoryDifference()
                difference.changed = try await archive.damagedEntries(
                    on: inspection.executor,
                    onRead: inspection.onRead
                )
                reports.append(UnitReport("\(archive)", difference: difference))
            }
            let place = CubePlace(store: archive, path: "")
            return try await reports + cubeReports(at: place, by: inspection.listing)
        } catch let error as PipelineError where error.code == .corrupt {
            return [UnitReport("\(store)/\(key)", reason: error.message, isUnreadable: true)]
        }
    }

    func isDamaged(_ tileYear: TileYear, in store: any ObjectStore, on executor: BlockingExecutor) async throws -> Bool
    {
        guard let archive = try await executor.run({ try ZipStore.open(level(of: tileYear), in: store) }) else {
            return false
        }
        return try await !archive.damagedEntries(on: executor).isEmpty
    }

    func conversion(
        of tileYear: TileYear,
        chunking: CubeSchema.Chunking,
        replaces: Bool,
        in store: any ObjectStore,
        under lock: TargetLock
    ) throws -> any CubeConversion {
        try ZipConversion(to: level(of: tileYear), chunking: chunking, in: store, under: lock)
    }
}

/// A conversion into an archive: chunks gather in the lock's folder, where a killed run's stay for the next; at the end they
/// are packed, with what of an archive that was there stays as it is, into a new one that takes its place.
private struct ZipConversion: CubeConversion {
    let place: CubePlace
    let previous: CubePlace?
    private let key: String
    private let target: any ObjectStore
    private let lock: TargetLock
    private let changes: GatheredChanges

    init(to key: String, chunking: CubeSchema.Chunking, in store: any ObjectStore, under lock: TargetLock) throws {
        self.key = key
        self.lock = lock
        target = store.locked(by: lock)
        changes = GatheredChanges(under: lock)
        let archive = try ZipStore.open(key, in: store)
        let entries = try archive?.list("").map { "\($0.key) \($0.size) \(archive?.checksum(of: $0.key) ?? 0)" } ?? []
        try changes.prepare(state: GatheredChanges.state(of: chunking) + entries)
        place = CubePlace(store: OverlaidStore(archive, changesIn: changes.folder, under: lock), path: "")
        previous = archive.map { CubePlace(store: $0, path: "") }
    }

    func finish(on executor: BlockingExecutor) async throws {
        let keys = try await executor.run { [store = place.store] in
            // Documents first: readers want them first.
            let keys = try store.list("").map(\.key)
            return keys.filter(Self.isDocument) + keys.filter { !Self.isDocument($0) }
        }
        let archive = lock.temporaryName(for: key)
        do {
            try await ZipWriter.write(keys, of: place.store, to: archive, on: executor)
            try await target.adopt(file: archive, as: key, on: executor)
        } catch {
            try? FileSystem.remove(archive)
            throw error
        }
        try await executor.run { [changes] in try changes.discard() }
    }

    private static func isDocument(_ key: String) -> Bool { FileSystem.name(of: key) == MetadataDocument.name }
}
