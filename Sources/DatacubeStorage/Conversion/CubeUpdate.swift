/// One date of a datacube to be: what it records, and where its pixels come from.
struct PlannedDate: Sendable {
    let step: TimeStep
    /// nil when the product is gone from the network drive and only the store still has its pixels.
    let images: ProductImages?
    /// Where it stands among the dates of the cube that is there.
    let stored: Int?
}

/// What one resolution has and what it shall have.
struct CubeUpdate: Sendable {
    /// What is there of a resolution.
    struct Present: Sendable {
        /// What is complete where the conversion writes; nil when nothing is.
        let existing: Cube?
        /// The cube whose place that one takes, as it was; nil where chunks are written where they stay.
        let previous: Cube?

        /// What stored pixels are taken from.
        var stored: Cube? { previous ?? existing }
    }

    let resolution: Resolution
    let schema: CubeSchema
    let present: Present
    var existing: Cube? { present.existing }
    /// All dates in order of time.
    let dates: [PlannedDate]
    /// How many dates, from the first, are in the store already as they shall be.
    let completed: Int

    init(
        _ resolution: Resolution,
        source: ConversionSource,
        present: Present,
        chunking: CubeSchema.Chunking,
        path: String
    ) throws {
        guard let first = source.products.first else {
            throw PipelineError(.notFound, "\(path): no product to convert")
        }
        self.resolution = resolution
        self.present = present
        dates = Self.merge(source, stored: present.stored, resolution: resolution)
        schema = try CubeSchema(
            first,
            resolution: resolution,
            chunking: chunking,
            wavelengths: Self.wavelengths(dates, stored: present.stored, resolution: resolution)
        )
        let found = present.existing?.steps.map(\.productIdentifier) ?? []
        completed = zip(dates, found).prefix { $0.step.productIdentifier == $1 }.count
        try checkLayout(path)
        try checkSources(path)
    }

    private static func wavelengths(
        _ dates: [PlannedDate],
        stored: Cube?,
        resolution: Resolution
    ) throws -> BandWavelengths? {
        if let images = dates.first?.images { return BandWavelengths(of: images.product.metadata, resolution) }
        // A first date whose product is gone was the first of the store already.
        return try stored.map { try BandWavelengths(of: $0) }
    }

    /// Products of the store that are gone from the network drive stay; those superseded go.
    private static func merge(_ source: ConversionSource, stored: Cube?, resolution: Resolution) -> [PlannedDate] {
        let steps = stored?.steps ?? []
        let places = Dictionary(steps.enumerated().map { ($1.productIdentifier, $0) }) { first, _ in first }
        let products = source.products.filter { images in
            // A later processing that cannot be read any more may be in the store, from when it could; and an earlier one
            // that cannot be read now stays there alone until it is known to be one.
            let others = source.otherProcessings[images.product.identifier] ?? []
            return places[images.product.identifier] != nil || others.allSatisfy { places[$0] == nil }
        }
        let present = Set(products.map(\.product.identifier))
        let gone = steps.filter {
            !present.contains($0.productIdentifier) && !source.superseded.contains($0.productIdentifier)
        }
        let converted = products.map { (step: TimeStep($0.product, resolution: resolution), images: Optional($0)) }
        let ordered = (gone.map { (step: $0, images: nil) } + converted).sorted {
            ($0.step.time, $0.step.granuleSensingTime, $0.step.productIdentifier)
                < ($1.step.time, $1.step.granuleSensingTime, $1.step.productIdentifier)
        }
        let separated = TimeStep.separatingEqualTimes(ordered.map(\.step))
        return zip(ordered, separated).map {
            PlannedDate(step: $1, images: $0.images, stored: places[$0.step.productIdentifier])
        }
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
        guard let date = dates[completed...].first(where: { $0.images == nil && $0.stored == nil }) else { return }
        throw PipelineError(
            .notFound,
            "\(path): \(date.step.productIdentifier) is neither in the SAFE folder nor in the datacube; restore it"
        )
    }

    /// Whether dates that are declared have to move or go, so that chunks of theirs are replaced.
    var replacesDates: Bool { (existing?.steps.count ?? 0) > completed }

    /// Where the pixels of a date are in a cube that is there: the dates that stay as they are in the one that is being
    /// written, others in the one that was there before.
    func storedDate(_ date: Int) -> (cube: Cube, index: Int)? {
        if date < completed { return existing.map { ($0, date) } }
        guard let index = dates[date].stored, let cube = present.stored else { return nil }
        return (cube, index)
    }

    /// Whether the store's documents say of the dates that stay what this version would say.
    var isDescribed: Bool {
        guard let existing, existing.steps.count == completed else { return true }
        return existing.group.document == schema.groupDocument(dates: completed)
    }

    /// The dates of one chunk along time.
    func dates(ofTimeChunk number: Int) -> Range<Int> {
        let start = number * schema.chunking.dates
        return min(start, dates.count)..<min(start + schema.chunking.dates, dates.count)
    }

    var timeChunkCount: Int { (dates.count + schema.chunking.dates - 1) / schema.chunking.dates }
}

/// The products of a tile-year, as a conversion to datacubes needs them.
struct ConversionSource: Sendable {
    /// In order of time.
    let products: [ProductImages]
    /// Identifiers of products that a later processing of the same data replaces.
    let superseded: Set<String>
    /// For each product, later processings of its data that cannot be used, and what may be earlier ones but cannot be
    /// looked into: where the store has one of them, it does not get the product.
    let otherProcessings: [String: Set<String>]

    private init(products: [ProductImages]) {
        self.products = products
        superseded = []
        otherProcessings = [:]
    }

    /// Those products alone that a cube has; all of them where it is not known which it has.
    func only(_ identifiers: Set<String>?) -> ConversionSource {
        guard let identifiers else { return self }
        return ConversionSource(products: products.filter { identifiers.contains($0.product.identifier) })
    }

    init(_ source: TileYearProducts) {
        products = source.products
        superseded = source.superseded
        otherProcessings = Dictionary(
            uniqueKeysWithValues: source.products.map { images in
                let product = images.product
                let others = source.unusableSuccessors(of: product).union(source.unknownPredecessors(of: product))
                return (product.identifier, others)
            }
        )
    }
}
