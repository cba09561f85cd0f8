public import Logging

/// Converts products into Zarr: one array a tile, year and resolution, all dates of the year along its time axis.
///
/// Works by blocks of space, as deep as a chunk has dates, so every band is decoded once and every chunk encoded and
/// written once. After each such batch of dates the store is a complete, shorter datacube; a killed run loses one
/// batch at most, and the next run continues there.
public struct ZarrConversionJob: Sendable {
    /// What to convert and how.
    public struct Settings: Sendable {
        /// The folder of the products.
        public var source: String
        /// Where the Zarr groups are or will be.
        public var target: any ObjectStore
        /// Which tiles and years.
        public var filter: TileYearFilter
        /// Chunks and codecs.
        public var chunking: CubeSchema.Chunking
        /// Threads that decode and encode.
        public var jobs: Int
        /// Only say what would be converted.
        public var dryRun: Bool
        /// How progress is shown.
        public var progress: Progress.Style

        /// Creates settings.
        public init(
            source: String,
            target: any ObjectStore,
            filter: TileYearFilter = .init(),
            chunking: CubeSchema.Chunking = .init(),
            jobs: Int,
            dryRun: Bool = false,
            progress: Progress.Style = .hidden
        ) {
            self.source = source
            self.target = target
            self.filter = filter
            self.chunking = chunking
            self.jobs = jobs
            self.dryRun = dryRun
            self.progress = progress
        }
    }

    private let settings: Settings
    private let log: Logger
    private let executor: BlockingExecutor

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
        executor = .converting(jobs: settings.jobs, into: settings.target)
    }

    /// Converts what is not there yet.
    ///
    /// - Returns: how many products were converted, were there already, and failed.
    /// - Throws: ``PipelineError`` when no work is possible at all, `CancellationError` when interrupted.
    public func run() async throws -> JobOutcome {
        // Before hours of decoding, not after them.
        try GDALLibrary.prepare()
        let catalogue = try ProductFolder(root: settings.source, filter: settings.filter)
        var outcome = JobOutcome(failures: catalogue.shortcomings(of: settings.filter, log))
        var due = 0
        for (tileYear, products) in catalogue.products.sorted(by: { $0.key < $1.key }) {
            do {
                let source = try await TileYearProducts.read(products, on: executor, log: log)
                    .inOnePlace(place(of: tileYear))
                outcome.failures += source.failures
                due += try await convert(source, of: tileYear, &outcome)
            } catch let error as PipelineError {
                outcome.add(error.within("\(tileYear)"))
            }
            if outcome.ranOutOfSpace { break }
        }
        let made = settings.dryRun ? "\(due) products would be converted" : "\(outcome.finished) products converted"
        log.info("\(made), \(outcome.skipped) \(settings.dryRun ? "are" : "were") there already")
        return outcome
    }

    /// - Returns: How many products were to be converted.
    private func convert(
        _ source: TileYearProducts,
        of tileYear: TileYear,
        _ outcome: inout JobOutcome
    ) async throws -> Int {
        guard !source.products.isEmpty else { return 0 }
        let present = conversion(of: tileYear, source, settings.target)
        let missing = try present.missing(of: source.products)
        outcome.skipped += source.products.count - missing.count
        if missing.isEmpty {
            guard try !present.isDescribed(source.products) else {
                log.info("\(tileYear): nothing to do, \(source.products.count) products are there")
                return 0
            }
            log.info("\(tileYear): \(source.products.count) products are there; their metadata are to be written again")
        } else {
            log.info("\(tileYear): \(missing.count) of \(source.products.count) products to convert")
        }
        guard !settings.dryRun else { return missing.count }
        let target = ConversionTarget(settings.target, ZarrLayout.path(of: tileYear), source: settings.source)
        let lock = try await target.lock()
        defer { lock.release() }
        let progress = Progress(
            "\(tileYear) to Zarr",
            total: missing.reduce(0) { $0 + $1.pixelCount },
            unit: .pixels,
            style: settings.progress,
            log: log
        )
        defer { progress.finish() }
        let conversion = conversion(of: tileYear, source, settings.target.locked(by: lock))
        let failures = try await conversion.run(source.products, progress, log)
        outcome.failures += failures
        outcome.finished += missing.count - failures.count
        return missing.count
    }

    /// Where the tile-year's datacube lies, as far as there is one.
    private func place(of tileYear: TileYear) throws -> TileGeocoding? {
        let cubes = try Resolution.allCases.compactMap { resolution in
            try Cube.open(settings.target, path: ZarrLayout.path(of: tileYear, resolution))
        }
        return try TileGeocoding(of: cubes)
    }

    private func conversion(
        of tileYear: TileYear,
        _ source: TileYearProducts,
        _ store: any ObjectStore
    ) -> TileYearConversion {
        TileYearConversion(
            tileYear,
            store: store,
            chunking: settings.chunking,
            superseded: source.superseded,
            executor: executor
        )
    }
}
