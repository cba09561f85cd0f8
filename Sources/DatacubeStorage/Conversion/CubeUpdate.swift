/// One date of a datacube to be: what it records, and where its pixels come from.
struct PlannedDate: Sendable {
    let step: TimeStep
    /// nil when the product is gone from the network drive and only the store still has its pixels.
    let images: ProductImages?
}

/// What one resolution has and what it shall have.
struct CubeUpdate: Sendable {
    let resolution: Resolution
    let schema: CubeSchema
    /// What is complete in the store now; nil when nothing is.
    let existing: Cube?
    /// All dates in order of time.
    let dates: [PlannedDate]
    /// How many dates, from the first, are in the store already as they shall be.
    let completed: Int

    init(
        _ resolution: Resolution,
        products: [ProductImages],
        existing: Cube?,
        superseded: Set<String>,
        chunking: CubeSchema.Chunking,
        path: String
    ) throws {
        guard let first = products.first else { throw PipelineError(.notFound, "\(path): no product to convert") }
        self.resolution = resolution
        self.existing = existing
        dates = Self.merge(products, existing: existing, superseded: superseded, resolution: resolution)
        schema = try CubeSchema(
            first,
            resolution: resolution,
            chunking: chunking,
            wavelengths: Self.wavelengths(dates, existing: existing, resolution: resolution)
        )
        let found = existing?.steps.map(\.productIdentifier) ?? []
        completed = zip(dates, found).prefix { $0.step.productIdentifier == $1 }.count
        try checkLayout(path)
        try checkSources(path)
    }

    private static func wavelengths(
        _ dates: [PlannedDate],
        existing: Cube?,
        resolution: Resolution
    ) throws -> BandWavelengths? {
        if let images = dates.first?.images { return BandWavelengths(of: images.product.metadata, resolution) }
        // A first date whose product is gone was the first of the store already.
        return try existing.map { try BandWavelengths(of: $0) }
    }

    /// Products of the store that are gone from the network drive stay; those superseded go.
    private static func merge(
        _ products: [ProductImages],
        existing: Cube?,
        superseded: Set<String>,
        resolution: Resolution
    ) -> [PlannedDate] {
        let present = Set(products.map(\.product.identifier))
        let stored = (existing?.steps ?? [])
            .filter { !present.contains($0.productIdentifier) && !superseded.contains($0.productIdentifier) }
            .map { PlannedDate(step: $0, images: nil) }
        let converted = products.map { PlannedDate(step: TimeStep($0.product, resolution: resolution), images: $0) }
        let ordered = (stored + converted).sorted {
            ($0.step.time, $0.step.granuleSensingTime, $0.step.productIdentifier)
                < ($1.step.time, $1.step.granuleSensingTime, $1.step.productIdentifier)
        }
        let steps = TimeStep.separatingEqualTimes(ordered.map(\.step))
        return zip(ordered, steps).map { PlannedDate(step: $1, images: $0.images) }
    }

    private func checkLayout(_ path: String) throws {
        guard let existing else { return }
        let (place, expectedPlace) = (try existing.geocoding(), schema.geocoding)
        guard place == expectedPlace else {
            let reason = "\(path) lies at \(place), the products at \(expectedPlace)"
            throw PipelineError(.mismatch, "\(reason); convert to another folder, or remove the datacube first")
        }
        let expected = schema.data(dates: existing.steps.count)
        let found = existing.data.metadata
        guard found.shape == expected.shape, found.chunkShape == expected.chunkShape, found.codecs == expected.codecs
        else {
            let remedy = "convert with the same options, or remove it first"
            throw PipelineError(.mismatch, "\(path) was written with other chunks, codecs or pixel grid; \(remedy)")
        }
    }

    private func checkSources(_ path: String) throws {
        guard let date = dates[completed...].first(where: { $0.images == nil }) else { return }
        let problem = "products earlier in time were added, so \(date.step.productIdentifier) must be written again"
        throw PipelineError(
            .notFound,
            "\(path): \(problem), and it is gone from the SAFE folder; restore it, or remove \(path)"
        )
    }

    /// Whether the store's documents say of the dates that stay what this version would say.
    var isDescribed: Bool {
        guard let existing, existing.steps.count == completed else { return true }
        return existing.group.document == schema.groupDocument(dates: completed)
    }

    /// The dates of one chunk along time.
    func dates(ofTimeChunk number: Int) -> Range<Int> {
        let start = number * schema.chunking.dates
        return start..<min(start + schema.chunking.dates, dates.count)
    }

    var timeChunkCount: Int { (dates.count + schema.chunking.dates - 1) / schema.chunking.dates }
}
