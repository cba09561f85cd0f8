import Logging

/// Storages, formats, tile and year to look at, with the folders where they lie.
public struct PatchSelection: Sendable {
    /// One format on one storage.
    public struct Place: Sendable {
        /// The storage.
        public let storage: Storage
        /// The format.
        public let format: DataFormat
        /// The folder of all data of that format there.
        public let folder: String

        /// Names a place.
        public init(storage: Storage, format: DataFormat, folder: String) {
            self.storage = storage
            self.format = format
            self.folder = folder
        }
    }

    /// The places to load from.
    public var places: [Place]
    /// The tile; nil means the only one there is.
    public var tile: String?
    /// The year; nil means the only one there is.
    public var year: Int?

    /// Creates a selection.
    public init(places: [Place], tile: String? = nil, year: Int? = nil) {
        self.places = places
        self.tile = tile
        self.year = year
    }
}

/// The sources of a run, brought to one time axis.
struct SourceSet: Sendable {
    let tileYear: ProductCatalogue.TileYear
    let sources: [any PatchSource]
    /// The products that all sources have, in order of time.
    let identifiers: [String]
    /// For each source, where those products stand in its own list.
    let positions: [[Int]]
    let grids: [Resolution: PixelGrid]

    static func open(_ selection: PatchSelection, on executor: BlockingExecutor, log: Logger) async throws -> SourceSet {
        let tileYear = try TileYearSearch.find(selection)
        var sources: [any PatchSource] = []
        for place in selection.places { sources.append(try await open(place, tileYear, on: executor, log: log)) }
        return try SourceSet(tileYear, sources, log)
    }

    private static func open(
        _ place: PatchSelection.Place,
        _ tileYear: ProductCatalogue.TileYear,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        switch place.format {
        case .safe:
            let filter = ProductCatalogue.Filter(tiles: [tileYear.tile], years: [tileYear.year])
            let catalogue = try ProductCatalogue(root: place.folder, filter: filter)
            let products = try await TileYearProducts.read(catalogue.products[tileYear] ?? [], on: executor, log: log)
            for failure in products.failures { log.warning("\(place.storage.rawValue) safe: \(failure)") }
            return try SAFESource(place.storage, products.products)
        case .cog: return try COGSource(place.storage, COGLayout(root: place.folder), tileYear)
        case .zarr: return try ZarrSource(place.storage, root: place.folder, tileYear)
        }
    }

    private init(_ tileYear: ProductCatalogue.TileYear, _ sources: [any PatchSource], _ log: Logger) throws {
        guard let first = sources.first else { throw PipelineError(.configuration, "no storage and format to load from") }
        for source in sources where source.grids != first.grids {
            throw PipelineError(.mismatch, "\(source.name) and \(first.name) have other pixel grids; convert again")
        }
        let common = sources.map { Set($0.identifiers) }.reduce(Set(first.identifiers)) { $0.intersection($1) }
        guard !common.isEmpty else {
            throw PipelineError(.notFound, "\(tileYear): no product is in all of \(sources.map(\.name).joined(separator: ", "))")
        }
        // Zarr's axis is ordered by sensing time to the millisecond, names only by the second.
        let axis = (sources.first { $0.format == .zarr } ?? first).identifiers
        identifiers = axis.filter(common.contains)
        for source in sources {
            let others = source.identifiers.filter { !common.contains($0) }
            guard !others.isEmpty else { continue }
            log.warning("\(source.name) has \(others.count) products that not all others have; they are left out: \(others.joined(separator: " "))")
        }
        positions = sources.map { source in
            let places = Dictionary(uniqueKeysWithValues: source.identifiers.enumerated().map { ($1, $0) })
            return axis.filter(common.contains).compactMap { places[$0] }
        }
        self.tileYear = tileYear
        self.sources = sources
        grids = first.grids
    }

    /// The whole tile.
    var area: PatchArea? {
        guard let grid = grids[.r60] else { return nil }
        let (left, top) = (Int(grid.left), Int(grid.top))
        return PatchArea(x1: left, y1: top, x2: left + grid.width * 60, y2: top - grid.height * 60)
    }
}

/// Finds out which tile and year to look at when the user does not say.
enum TileYearSearch {
    static func find(_ selection: PatchSelection) throws -> ProductCatalogue.TileYear {
        if let tile = selection.tile, let year = selection.year { return .init(tile: tile, year: year) }
        guard let place = selection.places.first else {
            throw PipelineError(.configuration, "no storage and format to load from")
        }
        let found = try tileYears(in: place).filter {
            (selection.tile ?? $0.tile) == $0.tile && (selection.year ?? $0.year) == $0.year
        }
        guard let only = found.first else {
            throw PipelineError(.notFound, "\(place.folder) has no \(place.format.rawValue) data of the tile and year asked for")
        }
        guard found.count == 1 else {
            let list = found.map(\.description).joined(separator: " ")
            throw PipelineError(.configuration, "\(place.folder) has \(list); say which with --tile and --year")
        }
        return only
    }

    private static func tileYears(in place: PatchSelection.Place) throws -> [ProductCatalogue.TileYear] {
        switch place.format {
        case .safe:
            return try ProductCatalogue(root: place.folder).products.keys.sorted()
        case .zarr:
            return try children(place.folder).filter(ProductName.isTile).flatMap { tile in
                try children("\(place.folder)/\(tile)").compactMap(Int.init).map { .init(tile: tile, year: $0) }
            }
        case .cog:
            return try children(place.folder).flatMap { zone in
                try children("\(place.folder)/\(zone)").flatMap { band in
                    try children("\(place.folder)/\(zone)/\(band)").flatMap { square in
                        try children("\(place.folder)/\(zone)/\(band)/\(square)").compactMap(Int.init).map {
                            .init(tile: zone + band + square, year: $0)
                        }
                    }
                }
            }
        }
    }

    private static func children(_ folder: String) throws -> [String] {
        guard try FileSystem.status(folder)?.kind == .directory else { return [] }
        return try FileSystem.list(folder)
    }
}
