import Logging

/// The conversion of one tile-year to Zarr.
struct TileYearConversion: Sendable {
    private let tileYear: TileYear
    private let place: CubePlace
    private let previous: CubePlace?
    private let source: ConversionSource
    private let chunking: CubeSchema.Chunking
    private let recorder = InventoryRecorder()
    private let executor: BlockingExecutor

    /// - Parameters:
    ///   - tileYear: Of the products.
    ///   - place: Where cubes are written.
    ///   - previous: Where the cubes are whose place those take; nil where chunks are written where they stay.
    ///   - source: The products.
    ///   - chunking: Of the cubes.
    ///   - executor: Where blocking work is done.
    init(
        _ tileYear: TileYear,
        place: CubePlace,
        previous: CubePlace? = nil,
        source: ConversionSource,
        chunking: CubeSchema.Chunking,
        executor: BlockingExecutor
    ) {
        self.tileYear = tileYear
        // What is written is taken down for the inventories.
        self.place = CubePlace(store: RecordedStore(base: place.store, recorder: recorder), path: place.path)
        self.previous = previous
        self.source = source
        self.chunking = chunking
        self.executor = executor
    }

    /// What there is to do.
    func work() throws -> ConversionWork {
        var incomplete: Set<String> = []
        let updates = try Resolution.allCases.map { try update($0) }
        for update in updates {
            incomplete.formUnion(update.dates[update.completed...].map(\.step.productIdentifier))
            // Dates that must go leave nothing to decode, and still are work.
            if update.replacesDates, update.completed == update.dates.count {
                incomplete.formUnion(update.dates.last.map { [$0.step.productIdentifier] } ?? [])
            }
        }
        let missing = source.products.filter { incomplete.contains($0.product.identifier) }
        return ConversionWork(
            missing: missing,
            presentCount: source.products.count - missing.count,
            describesAgain: try missing.isEmpty && !isDescribed(updates),
            replaces: updates.contains(where: \.replacesDates)
        )
    }

    /// Whether all documents and inventories say what this version would say: an older one described cubes otherwise.
    private func isDescribed(_ updates: [CubeUpdate]) throws -> Bool {
        try CubeAncestors.lacking(of: place).isEmpty
            && updates.allSatisfy { try $0.isDescribed && isListed($0) }
    }

    /// Converts ten dates after ten dates.
    ///
    /// - Throws: ``ProductFailure`` for a product whose pixels turn out damaged.
    func run(progress: Progress, log: Logger) async throws {
        let (updates, inventories) = try await executor.run { try begin() }
        for number in 0..<(updates.map(\.timeChunkCount).max() ?? 0) {
            let due = updates.indices.filter {
                updates[$0].dates(ofTimeChunk: number).upperBound > updates[$0].completed
            }
            for index in due {
                let update = updates[index]
                let start = SystemClock.seconds()
                let inventory = inventories[index]
                try await executor.run { try inventory.withdraw(timeChunk: number) }
                let conversion = TimeChunkConversion(
                    update,
                    number: number,
                    array: try dataArray(update),
                    executor: executor
                )
                try await conversion.run(progress)
                let seconds = formatSeconds(SystemClock.seconds() - start)
                log.debug(
                    "\(tileYear) \(update.resolution.name): dates \(update.dates(ofTimeChunk: number)) in \(seconds)"
                )
            }
            // All three together, so that a killed run leaves resolutions that differ by one chunk along time at most.
            for index in due {
                let count = updates[index].dates(ofTimeChunk: number).upperBound
                let (update, inventory) = (updates[index], inventories[index])
                try await executor.run { try commit(update, count: count, inventory: inventory) }
            }
        }
        try await executor.run { [updates] in for update in updates { try removeChunks(beyond: update) } }
    }

    /// Makes the store ready: what is there becomes complete in itself, and says of itself what this version says.
    private func begin() throws -> ([CubeUpdate], [CubeInventory]) {
        var updates = try Resolution.allCases.map { try update($0) }
        let inventories = try updates.map { update in
            let inventory = try CubeInventory(place.inventory(of: update.resolution), recorder: recorder)
            for name in try difference(of: update).extra { try inventory.adopt(name) }
            return inventory
        }
        for (index, update) in updates.enumerated() where update.replacesDates {
            // Only where nobody reads: first the store becomes the complete, shorter cube that stays as it is, by way of
            // none, since a killed run must not leave a declaration of more.
            try place.store.delete(ObjectKey.join(place.path(of: update.resolution), MetadataDocument.name))
            try commit(update, count: update.completed, inventory: inventories[index])
            updates[index] = try self.update(update.resolution)
        }
        try CubeAncestors.complete(of: place)
        for (update, inventory) in zip(updates, inventories) where update.existing != nil {
            guard try !update.isDescribed || !isListed(update) else { continue }
            try commit(update, count: update.completed, inventory: inventory)
        }
        return (updates, inventories)
    }

    private func isListed(_ update: CubeUpdate) throws -> Bool { try difference(of: update).isEmpty }

    /// How the files of a cube that is there differ from its inventory, of which an earlier version wrote none.
    private func difference(of update: CubeUpdate) throws -> InventoryDifference {
        guard let existing = update.existing else { return InventoryDifference(Inventory(), files: [:]) }
        let place = place.inventory(of: update.resolution)
        var difference = try InventoryDifference(place.readIfSound() ?? Inventory(), files: place.files())
        let timeChunks = (existing.steps.count + update.schema.chunking.dates - 1) / update.schema.chunking.dates
        difference.extra = difference.extra.filter {
            CubeInventory.isPart($0, arrays: update.schema.arrayNames, timeChunks: timeChunks)
        }
        return difference
    }

    private func update(_ resolution: Resolution) throws -> CubeUpdate {
        try CubeUpdate(
            resolution,
            source: source,
            present: CubeUpdate.Present(
                existing: place.vouchedCube(resolution),
                previous: previous?.vouchedCube(resolution)
            ),
            chunking: chunking,
            path: "\(place.store)/\(place.path(of: resolution))"
        )
    }

    private func dataArray(_ update: CubeUpdate) throws -> ZarrArray {
        let path = place.path(of: update.resolution) + "/data"
        return try ZarrArray(store: place.store, path: path, metadata: update.schema.data(dates: update.dates.count))
    }

    private func commit(_ update: CubeUpdate, count: Int, inventory: CubeInventory) throws {
        try Cube.commit(
            update.dates[..<count].map(\.step),
            to: place.store,
            path: place.path(of: update.resolution),
            schema: update.schema,
            inventory: inventory
        )
    }

    /// Chunks of dates that a failed or an older run had and the cube no longer has.
    private func removeChunks(beyond update: CubeUpdate) throws {
        let level = place.path(of: update.resolution) + "/data/c"
        for name in try place.store.children(of: level + "/") {
            if let number = Int(name), number >= update.timeChunkCount {
                try place.store.deleteAll(below: "\(level)/\(name)")
            }
        }
    }
}
