public import Logging

/// Converts products into cloud-optimised GeoTIFFs, one for each resolution with its bands stacked.
///
/// A product's folder gets its name when all its files are complete, so a killed run leaves no half product and the
/// next run goes on with the first one that is not there.
public struct COGConversionJob: Sendable {
    /// What to convert and how.
    public struct Settings: Sendable {
        /// The folder of the products.
        public var source: String
        /// Where the GeoTIFFs are or will be.
        public var target: any ObjectStore
        /// A folder for unfinished files where the target is not on this machine; one product needs up to 2 GB.
        public var workFolder: String
        /// Which tiles and years.
        public var filter: TileYearFilter
        /// How the files are compressed, with its threads.
        public var writer: COGWriter
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            source: String,
            target: any ObjectStore,
            workFolder: String = "/tmp",
            filter: TileYearFilter = .all,
            writer: COGWriter,
            options: RunOptions
        ) {
            self.source = source
            self.target = target
            self.workFolder = workFolder
            self.filter = filter
            self.writer = writer
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
        return try await ConversionRun(
            source: settings.source,
            target: settings.target,
            filter: settings.filter,
            options: settings.options,
            log: log,
            converter: COGConverter(settings: settings, executor: executor, log: log),
            executor: executor
        ).run()
    }
}

/// Makes the GeoTIFFs of a tile-year, product by product.
private struct COGConverter: TileYearConverter {
    let settings: COGConversionJob.Settings
    let executor: BlockingExecutor
    let log: Logger

    let formatName = "COG"
    // Each file says where it lies.
    let needsOnePlace = false

    func level(of tileYear: TileYear) -> String { COGLayout.key(of: tileYear) }

    func place(of tileYear: TileYear) -> TileGeocoding? { nil }

    func work(on source: TileYearProducts, of tileYear: TileYear, in target: any ObjectStore) throws -> ConversionWork {
        let finished = Set(try COGLayout.products(of: tileYear, in: target).map(\.identifier))
        let missing = source.products.filter { !finished.contains($0.product.identifier) }
        return ConversionWork(missing: missing, presentCount: source.products.count - missing.count)
    }

    func convert(
        _ source: TileYearProducts,
        work: ConversionWork,
        of tileYear: TileYear,
        under lock: TargetLock,
        progress: Progress,
        into outcome: inout JobOutcome
    ) async throws {
        for (index, images) in work.missing.enumerated() {
            do {
                let start = SystemClock.seconds()
                try await convert(images, under: lock, progress: progress)
                outcome.finished += 1
                log.debug("\(images.product.identifier) converted in \(formatSeconds(SystemClock.seconds() - start))")
            } catch let error as PipelineError {
                outcome.add(error.within(images.product.identifier))
                guard outcome.ranOutOfSpace else { continue }
                let rest = work.missing.count - index - 1
                if rest > 0 { outcome.failures.append("noSpace: \(rest) more products of \(tileYear) were not tried") }
                break
            }
        }
    }

    private func convert(_ images: ProductImages, under lock: TargetLock, progress: Progress) async throws {
        let store = settings.target.locked(by: lock)
        let product = COGProduct(images, to: store, under: lock, workFolder: settings.workFolder)
        try await product.make(on: executor) { resolution, file in
            try await COGConversion(images, resolution: resolution).write(
                to: file,
                settings.writer,
                on: executor,
                progress: progress
            )
        }
    }
}
