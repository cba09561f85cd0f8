/// A format whose tile-years are datacubes, which `safe2zarr` makes.
protocol CubeLayout: FormatLayout {
    /// How pixels are cut into chunks.
    var chunks: CubeChunks { get }

    /// Where the cubes of a tile-year lie; nil where there is nothing of it.
    func cubes(of tileYear: TileYear, in store: any ObjectStore) throws -> CubePlace?

    /// Prepares a conversion, whose store changes nothing any more once another run has taken the lock over.
    ///
    /// `replaces` says whether chunks that are declared have to be replaced; then nobody may see that happen.
    func conversion(
        of tileYear: TileYear,
        chunking: CubeSchema.Chunking,
        replaces: Bool,
        in store: any ObjectStore,
        under lock: TargetLock
    ) throws -> any CubeConversion

    /// Whether what holds all of a tile-year's objects, if there is such a thing, is damaged; that costs reading it.
    func isDamaged(_ tileYear: TileYear, in store: any ObjectStore, on executor: BlockingExecutor) async throws -> Bool

    /// Ends what a killed run had all chunks for and began to bring to their places.
    func completeReplacement(
        of tileYear: TileYear,
        in store: any ObjectStore,
        under lock: TargetLock,
        on executor: BlockingExecutor
    ) async throws

    /// What conversions of a tile-year write to: a level, or an object of its own.
    func level(of tileYear: TileYear) -> String

    /// Whether that is one object, which appears at the end, rather than a level where chunks are as soon as they are made.
    var isOneObject: Bool { get }
}

/// Which chunks a format has, unless the user wants others.
struct CubeChunks: Sendable {
    /// Rows and columns of a chunk.
    let defaultPixels: Int
    /// Chunks of so many dates, rows and columns.
    let make: @Sendable (_ dates: Int, _ pixels: Int, _ codecs: [CodecDescription]) throws -> CubeSchema.Chunking
}

/// Where a conversion writes, and what makes its work visible.
protocol CubeConversion: Sendable {
    /// Where chunks and documents go, and what is there already is read from.
    var place: CubePlace { get }

    /// Where the cubes are whose place those take, as they were; nil where chunks are written where they stay.
    var previous: CubePlace? { get }

    /// Makes what was written the tile-year's data, where that is not so already.
    func finish(on executor: BlockingExecutor) async throws
}

extension CubeConversion {
    var previous: CubePlace? { nil }

    func finish(on executor: BlockingExecutor) async throws {}
}

extension CubeLayout {
    var isOneObject: Bool { false }

    func completeReplacement(
        of tileYear: TileYear,
        in store: any ObjectStore,
        under lock: TargetLock,
        on executor: BlockingExecutor
    ) async throws {}

    func isDamaged(_ tileYear: TileYear, in store: any ObjectStore, on executor: BlockingExecutor) async throws -> Bool
    {
        false
    }

    /// Documents of groups and arrays, and chunks.
    func mayHave(_ name: String) -> Bool {
        let parts = name.split(separator: "/")
        guard parts.count > 2 else { return parts.last.map { $0 == MetadataDocument.name } ?? false }
        return parts[1] == "c" && parts.dropFirst(2).allSatisfy { Int($0) != nil }
    }

    func prefixes(of tileYear: TileYear, in store: any ObjectStore) -> [String] {
        [isOneObject ? level(of: tileYear) : level(of: tileYear) + "/"]
    }

    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int {
        try cubes(of: tileYear, in: store)?.dateCount() ?? 0
    }

    func reports(by inspection: UnitInspection) async throws -> [UnitReport] {
        let data = inspection.data
        let place = try await inspection.executor.run { try cubes(of: data.tileYear, in: data.store) }
        guard let place else { return [] }
        return try await cubeReports(at: place, by: inspection)
    }

    /// Compares the cubes of a tile-year with their inventories.
    func cubeReports(at place: CubePlace, by inspection: UnitInspection) async throws -> [UnitReport] {
        var reports: [UnitReport] = []
        for resolution in inspection.data.resolutions {
            if let report = try await inspection.report(on: place.inventory(of: resolution)) { reports.append(report) }
        }
        return reports
    }

    func open(_ opening: SourceOpening) async throws -> any PatchSource {
        let data = opening.data
        let place = try await opening.executor.run { try cubes(of: data.tileYear, in: data.store) }
        guard let place else {
            throw PipelineError(.notFound, "\(data.store) has nothing of \(data.tileYear); run safe2zarr first")
        }
        let opened = try await place.vouchedCubes(data.resolutions, on: opening.executor)
        return try await opening.executor.run {
            try CubeSource(place, cubes: opened, in: data.store, resolutions: data.resolutions)
        }
    }
}

extension DataFormat {
    /// Chunks for a conversion: what the user wants, else what the format has.
    ///
    /// - Throws: `configuration` where these do not go together, or the format has no chunks.
    public func chunking(dates: Int, pixels: Int?, codecs: [CodecDescription]) throws -> CubeSchema.Chunking {
        let chunks = try cubeLayout().chunks
        return try chunks.make(dates, pixels ?? chunks.defaultPixels, codecs)
    }

    func cubeLayout() throws -> any CubeLayout {
        guard let layout = layout as? any CubeLayout else {
            throw PipelineError(.configuration, "\(name) is no format of datacubes")
        }
        return layout
    }
}
