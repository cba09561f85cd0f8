import Logging

/// Restores files of a tile-year's cubes that their inventories list and that were lost or damaged.
///
/// Chunks are made again from the products that the cubes were made of, everything else from what the products say; of
/// the latter only what comes out as the inventory lists it is believed.
struct CubeRepair: Sendable {
    private let tileYear: TileYear
    private let place: CubePlace
    private let source: ConversionSource
    private let chunking: CubeSchema.Chunking
    private let verification: FileVerification
    private let executor: BlockingExecutor

    init(
        _ tileYear: TileYear,
        place: CubePlace,
        source: ConversionSource,
        chunking: CubeSchema.Chunking,
        verification: FileVerification,
        executor: BlockingExecutor
    ) {
        self.tileYear = tileYear
        self.place = place
        self.source = source
        self.chunking = chunking
        self.verification = verification
        self.executor = executor
    }

    /// One resolution's inventory, and the files that are not as it says.
    private struct Loss {
        let resolution: Resolution
        let place: InventoryPlace
        let inventory: Inventory
        var names: [String]
    }

    /// The keys of files that are lost.
    func lost() async throws -> [String] {
        try await losses().flatMap { loss in loss.names.map { ObjectKey.join(loss.place.unit, $0) } }
    }

    private func losses() async throws -> [Loss] {
        var losses: [Loss] = []
        for resolution in Resolution.allCases {
            let place = place.inventory(of: resolution)
            guard let inventory = try await executor.run({ try place.readIfSound() }) else { continue }
            let difference = try await place.difference(from: inventory, by: verification, on: executor)
            var names = difference.lost + Self.strangers(difference.extra, to: inventory)
            // A run that was killed just before it declared leaves documents that are not as listed, and true all the
            // same: as long as the cube opens, they are no loss but are written again.
            if verification == .size, opens(resolution) { names.removeAll(where: Self.isDocument) }
            if !names.isEmpty {
                losses.append(Loss(resolution: resolution, place: place, inventory: inventory, names: names))
            }
        }
        return losses
    }

    /// Chunks that nobody lists beside others of the same dates that are listed.
    ///
    /// Of a run that was killed while it replaced
    /// the chunks of some dates, none of them is listed.
    private static func strangers(_ extra: [String], to inventory: Inventory) -> [String] {
        let listed = Set(inventory.entries.keys.compactMap(CubeInventory.timeChunk(ofFile:)))
        return extra.filter { CubeInventory.timeChunk(ofFile: $0).map(listed.contains) ?? false }
    }

    private func opens(_ resolution: Resolution) -> Bool { (try? place.cube(resolution)) != nil }

    private static func isDocument(_ name: String) -> Bool { FileSystem.name(of: name) == MetadataDocument.name }

    /// Restores what is lost.
    ///
    /// - Throws: ``PipelineError`` naming the first file that cannot be restored; what was restored before stays.
    func run(_ log: Logger) async throws {
        for loss in try await losses() {
            let recorder = InventoryRecorder()
            let store = RecordedStore(base: place.store, recorder: recorder)
            let others = loss.names.filter { CubeInventory.timeChunk(ofFile: $0) == nil }
            let strange = try await executor.run { try restore(others, of: loss, to: store) }
            let chunks = loss.names.compactMap { name in
                CubeInventory.timeChunk(ofFile: name).map { (name: name, timeChunk: $0) }
            }
            for (timeChunk, chunks) in Dictionary(grouping: chunks, by: \.timeChunk).sorted(by: { $0.key < $1.key }) {
                try await restore(chunks.map(\.name), timeChunk: timeChunk, of: loss, to: store)
            }
            for name in strange {
                log.warning("\(loss.place.key) lists \(name), which no such cube has; the line is taken out")
            }
            try await executor.run { try note(recorder, in: loss, without: strange) }
            log.info("\(loss.place.description): \(loss.names.count) files restored")
        }
    }

    /// Products that are there may be others than those that the cube was made of; then the inventory says so.
    private func note(_ recorder: InventoryRecorder, in loss: Loss, without strange: [String]) throws {
        var inventory = loss.inventory
        for name in strange { inventory.entries[name] = nil }
        let made = try recorder.changes(below: loss.place.unit)
        for (name, entry) in made { inventory.entries[name] = entry }
        // Names that no chunk can have.
        for name in loss.names where made[name] == nil && CubeInventory.timeChunk(ofFile: name) != nil {
            inventory.entries[name] = nil
            try loss.place.store.delete(ObjectKey.join(loss.place.unit, name))
        }
        if inventory != loss.inventory { try loss.place.write(inventory) }
    }

    /// Writes variables and documents of the cube that the products make, where they are what the inventory lists, or what
    /// is there: then it is the inventory's line that is damaged.
    ///
    /// - Returns: Names that no such cube has, of lines that are damaged.
    private func restore(_ names: [String], of loss: Loss, to store: any ObjectStore) throws -> [String] {
        guard !names.isEmpty else { return [] }
        var strange: [String] = []
        let (made, root) = (MemoryStore(), "cube")
        let update = try update(of: loss, source: source.only(identifiers(of: loss)), existing: nil)
        try Cube.commit(update.dates.map(\.step), to: made, path: root, schema: update.schema)
        for name in names.sorted(by: Self.declaresLater) {
            guard let bytes = try made.get(ObjectKey.join(root, name)) else {
                strange.append(name)
                continue
            }
            let isListed = try MessageDigest.hexadecimal(of: bytes, .md5) == loss.inventory.entries[name]?.md5
            if try isListed || bytes == store.get(ObjectKey.join(loss.place.unit, name), limit: .max) {
                try store.put(ObjectKey.join(loss.place.unit, name), bytes, durability: .synchronized)
            } else if !Self.isDocument(name) || !opens(loss.resolution) {
                throw irrecoverable(name, of: loss, reason: "the products that are here make another")
            }
        }
        return strange
    }

    /// The products that the cube was made of, as far as it still tells; its documents are not needed for that.
    private func identifiers(of loss: Loss) -> Set<String>? {
        guard let column = TimeColumn.all.first(where: { $0.name == "product_id" }),
            !loss.names.contains(where: { $0.hasPrefix(column.name + "/c/") }),
            let array = try? ZarrArray(
                store: place.store,
                path: ObjectKey.join(loss.place.unit, column.name),
                metadata: column.metadata(dates: TimeColumn.chunkDates, bands: 1)
            )
        else { return nil }
        return (try? array.readAllStrings()).map { Set($0.filter { !$0.isEmpty }) }
    }

    // Arrays before the group that lists them, and all else before these.
    private static func declaresLater(_ one: String, _ other: String) -> Bool {
        func rank(_ name: String) -> Int { isDocument(name) ? (name.contains("/") ? 1 : 2) : 0 }
        return (rank(one), one) < (rank(other), other)
    }

    private func restore(
        _ names: [String],
        timeChunk: Int,
        of loss: Loss,
        to store: any ObjectStore
    ) async throws {
        guard let existing = try await executor.run({ try place.cube(loss.resolution) }) else {
            throw irrecoverable(names[0], of: loss, reason: "the cube has no declaration")
        }
        let made = source.only(Set(existing.steps.map(\.productIdentifier)))
        let update = try update(of: loss, source: made, existing: existing)
        let dates = update.dates(ofTimeChunk: timeChunk)
        // Of a line that is damaged: no such cube has the chunk.
        guard timeChunk * existing.data.metadata.chunkShape[0] < existing.steps.count else { return }
        guard !dates.isEmpty, existing.steps.count == update.dates.count else {
            throw irrecoverable(names[0], of: loss, reason: "the cube's dates are not those of its products")
        }
        for date in dates where update.dates[date].images == nil {
            let product = update.dates[date].step.productIdentifier
            throw irrecoverable(names[0], of: loss, reason: "\(product) is not in the SAFE folder, or damaged there")
        }
        let array = try ZarrArray(store: store, path: existing.data.path, metadata: existing.data.metadata)
        let conversion = TimeChunkConversion(update, number: timeChunk, array: array, executor: executor)
        do {
            let grid = existing.data.metadata.grid.shape
            let positions = names.compactMap(Self.position).filter { $0.row < grid[2] && $0.column < grid[3] }
            try await conversion.restore(positions, dates: dates)
        } catch let failure as ProductFailure {
            throw failure.error.within("\(failure.identifier), for \(loss.place.description)/\(names[0])")
        }
    }

    /// Row and column among the chunks of a date.
    private static func position(_ name: String) -> (row: Int, column: Int)? {
        let parts = name.split(separator: "/").suffix(2).compactMap { Int($0) }
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    private func update(of loss: Loss, source: ConversionSource, existing: Cube?) throws -> CubeUpdate {
        try CubeUpdate(
            loss.resolution,
            source: source,
            present: CubeUpdate.Present(existing: existing, previous: nil),
            chunking: chunking,
            path: loss.place.description
        )
    }

    private func irrecoverable(_ name: String, of loss: Loss, reason: String) -> PipelineError {
        PipelineError(
            .corrupt,
            "\(loss.place.description)/\(name) is lost or damaged and cannot be made again: \(reason); "
                + "fetch it from the mirror with s3-mirror --direction down, or remove \(loss.place.description) to convert anew"
        )
    }
}
