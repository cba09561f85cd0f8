import Logging

/// The conversion of one tile-year to Zarr.
struct TileYearConversion: Sendable {
    private let tileYear: TileYear
    private let place: CubePlace
    private let chunking: CubeSchema.Chunking
    private let superseded: Set<String>
    private let executor: BlockingExecutor

    init(
        _ tileYear: TileYear,
        place: CubePlace,
        chunking: CubeSchema.Chunking,
        superseded: Set<String>,
        executor: BlockingExecutor
    ) {
        self.tileYear = tileYear
        self.place = place
        self.chunking = chunking
        self.superseded = superseded
        self.executor = executor
    }

    /// The products that at least one resolution does not have yet, or has at another place in time than it shall.
    func missing(of products: [ProductImages]) throws -> [ProductImages] {
        var incomplete: Set<String> = []
        for resolution in Resolution.allCases {
            let update = try update(resolution, products: products)
            incomplete.formUnion(update.dates[update.completed...].map(\.step.productIdentifier))
            // Dates that must go leave nothing to decode, and still are work.
            if let existing = update.existing, existing.steps.count > update.completed,
                update.completed == update.dates.count
            {
                incomplete.formUnion(update.dates.last.map { [$0.step.productIdentifier] } ?? [])
            }
        }
        return products.filter { incomplete.contains($0.product.identifier) }
    }

    /// Whether all documents say what this version would say: an older one described cubes otherwise.
    func isDescribed(_ products: [ProductImages]) throws -> Bool {
        try CubeAncestors.lacking(of: place).isEmpty
            && Resolution.allCases.allSatisfy { try update($0, products: products).isDescribed }
    }

    /// Converts ten dates after ten dates; a product whose pixels turn out damaged is left out and named.
    ///
    /// - Returns: one line for each product that failed.
    func run(_ products: [ProductImages], progress: Progress, log: Logger) async throws -> [String] {
        var products = products
        var failures: [String] = []
        while !products.isEmpty {
            do {
                try await convert(products, progress: progress, log: log)
                break
            } catch let failure as ProductFailure {
                failures.append("\(failure.error.within(failure.identifier))")
                log.warning("\(failure.identifier) is left out: \(failure.error)")
                products.removeAll { $0.product.identifier == failure.identifier }
            }
        }
        return failures
    }

    private func convert(_ products: [ProductImages], progress: Progress, log: Logger) async throws {
        let updates = try await executor.run { try begin(products) }
        for number in 0..<(updates.map(\.timeChunkCount).max() ?? 0) {
            let due = updates.filter { $0.dates(ofTimeChunk: number).upperBound > $0.completed }
            for update in due {
                let start = SystemClock.seconds()
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
            for update in due {
                try await executor.run { try commit(update, count: update.dates(ofTimeChunk: number).upperBound) }
            }
        }
        try await executor.run { for update in updates { try removeChunks(beyond: update) } }
    }

    /// Makes the store ready: what is there becomes complete in itself, and says of itself what this version says.
    private func begin(_ products: [ProductImages]) throws -> [CubeUpdate] {
        var updates = try Resolution.allCases.map { try update($0, products: products) }
        for (index, update) in updates.enumerated() where (update.existing?.steps.count ?? 0) > update.completed {
            // Later dates are about to move: first the store becomes the complete, shorter cube that stays as it is.
            try commit(update, count: update.completed)
            updates[index] = try self.update(update.resolution, products: products)
        }
        try CubeAncestors.complete(of: place)
        for update in updates where !update.isDescribed { try commit(update, count: update.completed) }
        return updates
    }

    private func update(_ resolution: Resolution, products: [ProductImages]) throws -> CubeUpdate {
        try CubeUpdate(
            resolution,
            products: products,
            existing: place.cube(resolution),
            superseded: superseded,
            chunking: chunking,
            path: "\(place.store)/\(place.path(of: resolution))"
        )
    }

    private func dataArray(_ update: CubeUpdate) throws -> ZarrArray {
        let path = place.path(of: update.resolution) + "/data"
        return try ZarrArray(store: place.store, path: path, metadata: update.schema.data(dates: update.dates.count))
    }

    private func commit(_ update: CubeUpdate, count: Int) throws {
        let path = place.path(of: update.resolution)
        try Cube.commit(update.dates[..<count].map(\.step), to: place.store, path: path, schema: update.schema)
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
