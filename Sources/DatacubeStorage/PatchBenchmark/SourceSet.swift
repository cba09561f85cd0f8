import Logging

/// A source of a run, and which of the places it is.
struct PlacedSource: Sendable {
    let place: PatchSelection.Place
    let source: any PatchSource
    /// Seconds that opening took, metadata and indices included.
    var openingSeconds = 0.0

    /// Storage and format, such as `network zarr`.
    var name: String { place.name }

    /// Opens what a place has of a tile-year.
    static func open(
        _ data: StoredTileYear,
        _ place: PatchSelection.Place,
        indices: IndexUse,
        on threads: PatchThreads,
        log: Logger
    ) async throws -> PlacedSource {
        let executor = threads.executor(for: place.store)
        let opening = SourceOpening(data: data, indices: indices, executor: executor, log: log)
        let start = SystemClock.seconds()
        let source = try await place.format.layout.open(opening)
        return PlacedSource(place: place, source: source, openingSeconds: SystemClock.seconds() - start)
    }
}

/// The sources of a run, brought to one time axis.
struct SourceSet: Sendable {
    let tileYear: TileYear
    let sources: [PlacedSource]
    /// The products that all sources have, in order of time.
    let identifiers: [String]
    /// For each source, where those products stand in its own list.
    let positions: [[Int]]
    let grids: [Resolution: PixelGrid]
    /// One line for each source that has products which others lack.
    let leftOut: [String]

    /// Opens all places of a selection, which must be of one place on the ground; nothing is written.
    ///
    /// `products` are those to load, in their order; nil means all that the places share.
    static func open(
        _ selection: PatchSelection,
        products: [String]? = nil,
        on threads: PatchThreads,
        log: Logger
    ) async throws -> SourceSet {
        let tileYear = try await threads.processors.run { try TileYearSearch.find(selection) }
        var sources: [PlacedSource] = []
        for place in selection.places {
            let data = StoredTileYear(tileYear, in: place.store, resolutions: selection.resolutions)
            let indices: IndexUse = place.ignoresIndex ? .ignore : .use
            sources.append(try await PlacedSource.open(data, place, indices: indices, on: threads, log: log))
        }
        try checkPlaces(of: sources, tileYear)
        let set = try SourceSet(tileYear, sources: sources, products: products)
        if products == nil { for line in set.leftOut { log.warning("\(line)") } }
        return set
    }

    private static func checkPlaces(of sources: [PlacedSource], _ tileYear: TileYear) throws(PipelineError) {
        guard let first = sources.first else { return }
        if let stray = sources.flatMap(\.source.strays).first { throw PipelineError(.mismatch, stray) }
        for other in sources where other.source.geocoding != first.source.geocoding {
            let places =
                "\(other.name) lies at \(other.source.geocoding), \(first.name) at \(first.source.geocoding)"
            throw PipelineError(.mismatch, "\(tileYear): \(places); convert again")
        }
    }

    /// Brings sources to one time axis.
    ///
    /// - Throws: `notFound` where they share no product, `mismatch` where one lacks what is to be loaded.
    init(_ tileYear: TileYear, sources: [PlacedSource], products: [String]? = nil) throws(PipelineError) {
        guard let first = sources.first else {
            throw PipelineError(.configuration, "no storage and format to load from")
        }
        let common = sources.map { Set($0.source.identifiers) }.reduce(Set(first.source.identifiers)) {
            $0.intersection($1)
        }
        guard !common.isEmpty else {
            throw PipelineError(
                .notFound,
                "\(tileYear): no product is in all of \(sources.map(\.name).joined(separator: ", "))"
            )
        }
        let axis = (sources.first { $0.source.isInExactOrder } ?? first).source.identifiers
        let identifiers = products ?? axis.filter(common.contains)
        if let missing = identifiers.first(where: { !common.contains($0) }) {
            throw PipelineError(.mismatch, "not all sources have \(missing), which the plan names; write another plan")
        }
        self.identifiers = identifiers
        leftOut = sources.compactMap { source in
            let others = source.source.identifiers.filter { !common.contains($0) }
            guard !others.isEmpty else { return nil }
            let list = others.joined(separator: " ")
            return "\(source.name) has \(others.count) product(s) that not all others have; they are left out: \(list)"
        }
        positions = sources.map { source in
            let places = Dictionary(uniqueKeysWithValues: source.source.identifiers.enumerated().map { ($1, $0) })
            return identifiers.compactMap { places[$0] }
        }
        self.tileYear = tileYear
        self.sources = sources
        grids = first.source.grids
    }
}
