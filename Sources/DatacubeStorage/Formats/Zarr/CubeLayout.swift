import Logging

/// A format whose tile-years are datacubes, which `safe2zarr` makes.
protocol CubeLayout: FormatLayout {
    /// How pixels are cut into chunks.
    var chunks: CubeChunks { get }

    /// Where the cubes of a tile-year lie; nil where there is nothing of it.
    func cubes(of tileYear: TileYear, in store: any ObjectStore) throws -> CubePlace?

    /// Prepares a conversion, whose store changes nothing any more once another run has taken the lock over.
    func conversion(
        of tileYear: TileYear,
        chunking: CubeSchema.Chunking,
        in store: any ObjectStore,
        under lock: TargetLock
    ) throws -> any CubeConversion

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

    /// Makes what was written the tile-year's data, where that is not so already.
    func finish(on executor: BlockingExecutor) async throws
}

extension CubeConversion {
    func finish(on executor: BlockingExecutor) async throws {}
}

extension CubeLayout {
    var isOneObject: Bool { false }

    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int {
        try cubes(of: tileYear, in: store)?.dateCount() ?? 0
    }

    func open(
        _ tileYear: TileYear,
        in store: any ObjectStore,
        resolutions: [Resolution],
        mayWrite: Bool,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        try await executor.run {
            guard let place = try cubes(of: tileYear, in: store) else {
                throw PipelineError(.notFound, "\(store) has nothing of \(tileYear); run safe2zarr first")
            }
            return try CubeSource(place, in: store, resolutions: resolutions)
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
