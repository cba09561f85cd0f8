import Logging

/// Storages, formats, tile and year to look at, with the places where they lie.
public struct PatchSelection: Sendable {
    /// One format on one storage.
    public struct Place: Sendable {
        /// The storage.
        public let storage: Storage
        /// The format.
        public let format: DataFormat
        /// All data of that format there.
        public let store: any ObjectStore

        /// Names a place.
        public init(storage: Storage, format: DataFormat, store: any ObjectStore) {
            self.storage = storage
            self.format = format
            self.store = store
        }
    }

    /// The places to load from.
    public var places: [Place]
    /// The tile; nil means the only one there is.
    public var tile: String?
    /// The year; nil means the only one there is.
    public var year: Int?
    /// What of each date is loaded.
    public var resolutions: [Resolution]

    /// Creates a selection.
    public init(
        places: [Place],
        tile: String? = nil,
        year: Int? = nil,
        resolutions: [Resolution] = Resolution.allCases
    ) {
        self.places = places
        self.tile = tile
        self.year = year
        self.resolutions = resolutions
    }
}

/// The sources of a run, brought to one time axis.
struct SourceSet: Sendable {
    let tileYear: TileYear
    let sources: [any PatchSource]
    /// The products that all sources have, in order of time.
    let identifiers: [String]
    /// For each source, where those products stand in its own list.
    let positions: [[Int]]
    let grids: [Resolution: PixelGrid]
    /// One line for each source that has products which others lack.
    let leftOut: [String]

    /// Opens all places of a selection.
    ///
    /// `products` are those to load, in their order; nil means all that the places share.
    static func open(
        _ selection: PatchSelection,
        products: [String]? = nil,
        on threads: PatchThreads,
        log: Logger
    ) async throws -> SourceSet {
        let tileYear = try await threads.processors.run { try TileYearSearch.find(selection) }
        var sources: [any PatchSource] = []
        for place in selection.places {
            let executor = threads.executor(for: place.store)
            sources.append(try await open(place, tileYear, selection.resolutions, on: executor, log: log))
        }
        return try SourceSet(tileYear, sources, products, log)
    }

    private static func open(
        _ place: PatchSelection.Place,
        _ tileYear: TileYear,
        _ resolutions: [Resolution],
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        switch place.format {
        case .safe:
            let filter = TileYearFilter(tiles: [tileYear.tile], years: [tileYear.year])
            let catalogue = try await executor.run { try ProductFolder(place.store, filter: filter) }
            let products = try await TileYearProducts.read(catalogue.products[tileYear] ?? [], on: executor, log: log)
                .inOnePlace()
            for failure in products.failures { log.warning("\(place.storage.rawValue) safe: \(failure)") }
            return try SAFESource(place.storage, place.store, products.products, resolutions)
        case .cog: return try await COGSource.open(place.storage, place.store, tileYear, resolutions, on: executor)
        case .zarr, .shardzarr:
            return try await executor.run {
                try ZarrSource(
                    place.storage,
                    place.format,
                    place.store,
                    tileYear,
                    resolutions,
                    threads: executor.width
                )
            }
        }
    }

    init(
        _ tileYear: TileYear,
        _ sources: [any PatchSource],
        _ products: [String]?,
        _ log: Logger
    ) throws {
        guard let first = sources.first else {
            throw PipelineError(.configuration, "no storage and format to load from")
        }
        for source in sources where source.geocoding != first.geocoding {
            let places = "\(source.name) lies at \(source.geocoding), \(first.name) at \(first.geocoding)"
            throw PipelineError(.mismatch, "\(tileYear): \(places); convert again")
        }
        let common = sources.map { Set($0.identifiers) }.reduce(Set(first.identifiers)) { $0.intersection($1) }
        guard !common.isEmpty else {
            throw PipelineError(
                .notFound,
                "\(tileYear): no product is in all of \(sources.map(\.name).joined(separator: ", "))"
            )
        }
        // Zarr's axis is ordered by sensing time to the millisecond, names only by the second.
        let axis = (sources.first { $0.format.isZarr } ?? first).identifiers
        let identifiers = products ?? axis.filter(common.contains)
        if let missing = identifiers.first(where: { !common.contains($0) }) {
            throw PipelineError(.mismatch, "not all sources have \(missing), which the plan names; write another plan")
        }
        self.identifiers = identifiers
        leftOut = sources.compactMap { source in
            let others = source.identifiers.filter { !common.contains($0) }
            guard !others.isEmpty else { return nil }
            let list = others.joined(separator: " ")
            return "\(source.name) has \(others.count) product(s) that not all others have; they are left out: \(list)"
        }
        if products == nil { for line in leftOut { log.warning("\(line)") } }
        positions = sources.map { source in
            let places = Dictionary(uniqueKeysWithValues: source.identifiers.enumerated().map { ($1, $0) })
            return identifiers.compactMap { places[$0] }
        }
        self.tileYear = tileYear
        self.sources = sources
        grids = first.grids
    }
}

/// Finds out which tile and year to look at when the user does not say.
enum TileYearSearch {
    static func find(_ selection: PatchSelection) throws -> TileYear {
        if let tile = selection.tile, let year = selection.year { return .init(tile: tile, year: year) }
        guard let place = selection.places.first else {
            throw PipelineError(.configuration, "no storage and format to load from")
        }
        let found = try tileYears(in: place).filter {
            (selection.tile ?? $0.tile) == $0.tile && (selection.year ?? $0.year) == $0.year
        }
        guard let only = found.first else {
            let names = try place.store.children(of: "").prefix(8).joined(separator: ", ")
            throw PipelineError(
                .notFound,
                "\(place.store) has no \(place.format.rawValue) data of the tile and year asked for; it holds "
                    + (names.isEmpty ? "nothing" : names)
            )
        }
        guard found.count == 1 else {
            let list = found.map(\.description).joined(separator: " ")
            throw PipelineError(.configuration, "\(place.store) has \(list); say which with --tile and --year")
        }
        return only
    }

    private static func tileYears(in place: PatchSelection.Place) throws -> [TileYear] {
        switch place.format {
        case .safe:
            return try ProductFolder(place.store).products.keys.sorted()
        case .zarr, .shardzarr:
            return try children(place, "").filter(MGRSTile.isName).flatMap { tile in
                try children(place, "\(tile)/").compactMap(Int.init).map { .init(tile: tile, year: $0) }
            }
        case .cog:
            return try children(place, "").flatMap { zone in
                try children(place, "\(zone)/").flatMap { band in
                    try children(place, "\(zone)/\(band)/").flatMap { square in
                        try children(place, "\(zone)/\(band)/\(square)/").compactMap(Int.init).map {
                            .init(tile: zone + band + square, year: $0)
                        }
                    }
                }
            }
        }
    }

    private static func children(_ place: PatchSelection.Place, _ prefix: String) throws -> [String] {
        try place.store.children(of: prefix)
    }
}
