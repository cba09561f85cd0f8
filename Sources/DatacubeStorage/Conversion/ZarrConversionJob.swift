public import Logging

/// Converts products into Zarr: one array a tile, year and resolution, all dates of the year along its time axis.
///
/// Works by blocks of space, as deep as a chunk has dates, so every band is decoded once and every chunk encoded and
/// written once. After each such stretch of dates the store is a complete, shorter datacube; a killed run loses one
/// at most, and the next run continues there.
public struct ZarrConversionJob: Sendable {
    /// What to convert and how.
    public struct Settings: Sendable {
        /// The folder of the products.
        public var source: String
        /// Where the Zarr groups are or will be.
        public var target: any ObjectStore
        /// Which tiles and years.
        public var filter: TileYearFilter
        /// Which of the formats of datacubes to write.
        public var format: DataFormat
        /// Chunks and codecs.
        public var chunking: CubeSchema.Chunking
        /// How to run.
        public var options: RunOptions

        /// Creates settings; by default for the seed layout.
        public init(
            source: String,
            target: any ObjectStore,
            filter: TileYearFilter = .all,
            format: DataFormat = .zarr,
            chunking: CubeSchema.Chunking = .init(),
            options: RunOptions
        ) {
            self.source = source
            self.target = target
            self.filter = filter
            self.format = format
            self.chunking = chunking
            self.options = options
        }
    }

    private let settings: Settings
    private let log: Logger

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Converts what is not there yet.
    ///
    /// - Returns: how many products were converted, were there already, and failed.
    /// - Throws: ``PipelineError`` when no work is possible at all, `CancellationError` when interrupted.
    public func run() async throws -> JobOutcome {
        let executor = BlockingExecutor.converting(jobs: settings.options.jobs, into: settings.target)
        let layout = try settings.format.cubeLayout()
        return try await ConversionRun(
            source: settings.source,
            target: settings.target,
            filter: settings.filter,
            options: settings.options,
            log: log,
            converter: ZarrConverter(layout: layout, settings: settings, executor: executor, log: log),
            executor: executor
        ).run()
    }
}

/// Makes the datacubes of a tile-year.
private struct ZarrConverter: TileYearConverter {
    let layout: any CubeLayout
    let settings: ZarrConversionJob.Settings
    let executor: BlockingExecutor
    let log: Logger

    let formatName = "Zarr"
    // A cube has one pixel grid.
    let needsOnePlace = true

    func level(of tileYear: TileYear) -> String { layout.level(of: tileYear) }

    var isOneObject: Bool { layout.isOneObject }

    func place(of tileYear: TileYear) throws -> TileGeocoding? {
        guard let place = try layout.cubes(of: tileYear, in: settings.target) else { return nil }
        return try TileGeocoding(of: Resolution.allCases.compactMap { try place.cube($0) })
    }

    func work(on source: TileYearProducts, of tileYear: TileYear, in target: any ObjectStore) throws -> ConversionWork {
        guard let place = try layout.cubes(of: tileYear, in: target) else {
            return ConversionWork(missing: source.products, presentCount: 0)
        }
        let present = conversion(of: tileYear, source, at: place)
        let missing = try present.missing(of: source.products)
        return ConversionWork(
            missing: missing,
            presentCount: source.products.count - missing.count,
            describesAgain: try missing.isEmpty && !present.isDescribed(source.products)
        )
    }

    func convert(
        _ source: TileYearProducts,
        work: ConversionWork,
        of tileYear: TileYear,
        under lock: TargetLock,
        progress: Progress,
        into outcome: inout JobOutcome
    ) async throws {
        let target = try await executor.run { [layout, settings] in
            try layout.conversion(
                of: tileYear,
                chunking: settings.chunking,
                in: settings.target,
                under: lock
            )
        }
        let conversion = conversion(of: tileYear, source, at: target.place)
        let failures = try await conversion.run(source.products, progress: progress, log: log)
        outcome.failures += failures
        guard failures.count < source.products.count else { return }
        try await target.finish(on: executor)
        outcome.finished += work.missing.count - failures.count
    }

    private func conversion(of tileYear: TileYear, _ source: TileYearProducts, at place: CubePlace)
        -> TileYearConversion
    {
        TileYearConversion(
            tileYear,
            place: place,
            chunking: settings.chunking,
            superseded: source.superseded,
            executor: executor
        )
    }
}
