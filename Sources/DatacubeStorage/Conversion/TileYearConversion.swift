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
            let plan = try plan(resolution, products: products)
            incomplete.formUnion(plan.dates[plan.completed...].map(\.step.productIdentifier))
            // Dates that must go leave nothing to decode, and still are work.
            if let existing = plan.existing, existing.steps.count > plan.completed, plan.completed == plan.dates.count {
                incomplete.formUnion(plan.dates.last.map { [$0.step.productIdentifier] } ?? [])
            }
        }
        return products.filter { incomplete.contains($0.product.identifier) }
    }

    /// Whether all documents say what this version would say: an older one described cubes otherwise.
    func isDescribed(_ products: [ProductImages]) throws -> Bool {
        try CubeAncestors.lacking(of: place).isEmpty
            && Resolution.allCases.allSatisfy { try plan($0, products: products).isDescribed }
    }

    /// Converts batch after batch; a product whose pixels turn out damaged is left out and named.
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
        let plans = try await executor.run { try begin(products) }
        for number in 0..<(plans.map(\.batchCount).max() ?? 0) {
            let due = plans.filter { $0.batch(number).upperBound > $0.completed }
            for plan in due {
                let start = SystemClock.seconds()
                let batch = BatchConversion(plan, number: number, array: try dataArray(plan), executor: executor)
                try await batch.run(progress)
                let seconds = formatSeconds(SystemClock.seconds() - start)
                log.debug("\(tileYear) \(plan.resolution.name): dates \(plan.batch(number)) in \(seconds)")
            }
            // All three together, so that a killed run leaves resolutions that differ by one batch at most.
            for plan in due { try await executor.run { try commit(plan, count: plan.batch(number).upperBound) } }
        }
        try await executor.run { for plan in plans { try removeChunks(beyond: plan) } }
    }

    /// Makes the store ready: what is there becomes complete in itself, and says of itself what this version says.
    private func begin(_ products: [ProductImages]) throws -> [CubePlan] {
        var plans = try Resolution.allCases.map { try plan($0, products: products) }
        for (index, plan) in plans.enumerated() where (plan.existing?.steps.count ?? 0) > plan.completed {
            // Later dates are about to move: first the store becomes the complete, shorter cube that stays as it is.
            try commit(plan, count: plan.completed)
            plans[index] = try self.plan(plan.resolution, products: products)
        }
        try CubeAncestors.complete(of: place)
        for plan in plans where !plan.isDescribed { try commit(plan, count: plan.completed) }
        return plans
    }

    private func plan(_ resolution: Resolution, products: [ProductImages]) throws -> CubePlan {
        try CubePlan(
            resolution,
            products: products,
            existing: place.cube(resolution),
            superseded: superseded,
            chunking: chunking,
            path: "\(place.store)/\(place.path(of: resolution))"
        )
    }

    private func dataArray(_ plan: CubePlan) throws -> ZarrArray {
        let path = place.path(of: plan.resolution) + "/data"
        return try ZarrArray(store: place.store, path: path, metadata: plan.schema.data(dates: plan.dates.count))
    }

    private func commit(_ plan: CubePlan, count: Int) throws {
        let path = place.path(of: plan.resolution)
        try Cube.commit(plan.dates[..<count].map(\.step), to: place.store, path: path, schema: plan.schema)
    }

    /// Chunks of dates that a failed or an older run had and the cube no longer has.
    private func removeChunks(beyond plan: CubePlan) throws {
        let level = place.path(of: plan.resolution) + "/data/c"
        for name in try place.store.children(of: level + "/") {
            if let number = Int(name), number >= plan.batchCount {
                try place.store.deleteAll(below: "\(level)/\(name)")
            }
        }
    }
}
