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
        /// Threads that decode.
        public var jobs: Int
        /// Only say what would be converted.
        public var dryRun: Bool
        /// How progress is shown.
        public var progress: Progress.Style

        /// Creates settings.
        public init(
            source: String,
            target: any ObjectStore,
            workFolder: String = "/tmp",
            filter: TileYearFilter = .init(),
            writer: COGWriter,
            jobs: Int,
            dryRun: Bool = false,
            progress: Progress.Style = .hidden
        ) {
            self.source = source
            self.target = target
            self.workFolder = workFolder
            self.filter = filter
            self.writer = writer
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
            let source = try await TileYearProducts.read(products, on: executor, log: log)
            outcome.failures += source.failures
            do {
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
        let missing = try await missing(of: source.products, tileYear)
        outcome.skipped += source.products.count - missing.count
        guard !missing.isEmpty else {
            log.info("\(tileYear): nothing to do, \(source.products.count) products are there")
            return 0
        }
        log.info("\(tileYear): \(missing.count) of \(source.products.count) products to convert")
        guard !settings.dryRun else { return missing.count }
        let target = ConversionTarget(settings.target, COGLayout.key(of: tileYear), source: settings.source)
        let lock = try await target.lock()
        defer { lock.release() }
        // Another run may have made some before this one got the lock.
        let due = try await self.missing(of: missing, tileYear)
        outcome.skipped += missing.count - due.count
        try await convert(due, of: tileYear, lock, &outcome)
        return missing.count
    }

    private func missing(
        of products: [ProductImages],
        _ tileYear: TileYear
    ) async throws -> [ProductImages] {
        let finished = try await executor.run { [target = settings.target] in
            Set(try COGLayout.products(of: tileYear, in: target).map(\.identifier))
        }
        return products.filter { !finished.contains($0.product.identifier) }
    }

    private func convert(
        _ products: [ProductImages],
        of tileYear: TileYear,
        _ lock: TargetLock,
        _ outcome: inout JobOutcome
    ) async throws {
        let progress = Progress(
            "\(tileYear) to COG",
            total: products.reduce(0) { $0 + $1.pixelCount },
            unit: .pixels,
            style: settings.progress,
            log: log
        )
        defer { progress.finish() }
        for (index, images) in products.enumerated() {
            do {
                let start = SystemClock.seconds()
                try await convert(images, lock, progress)
                outcome.finished += 1
                log.debug("\(images.product.identifier) converted in \(formatSeconds(SystemClock.seconds() - start))")
            } catch let error as PipelineError {
                outcome.add(error.within(images.product.identifier))
                guard outcome.ranOutOfSpace else { continue }
                let rest = products.count - index - 1
                if rest > 0 { outcome.failures.append("noSpace: \(rest) more products of \(tileYear) were not tried") }
                break
            }
        }
    }

    private func convert(_ images: ProductImages, _ lock: TargetLock, _ progress: Progress) async throws {
        let product = COGProduct(images, settings.target, lock, workFolder: settings.workFolder)
        try await product.make(on: executor) { resolution, file in
            try await COGConversion(images, resolution).write(to: file, settings.writer, on: executor, progress)
        }
    }
}

extension ProductImages {
    /// Pixels of all bands.
    var pixelCount: Int { Band.allCases.reduce(0) { $0 + image($1).width * image($1).height } }
}
