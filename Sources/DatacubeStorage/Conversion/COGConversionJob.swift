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
        /// The folder of the GeoTIFFs.
        public var target: String
        /// Which tiles and years.
        public var filter: ProductCatalogue.Filter
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
            target: String,
            filter: ProductCatalogue.Filter = .init(),
            writer: COGWriter,
            jobs: Int,
            dryRun: Bool = false,
            progress: Progress.Style = .hidden
        ) {
            self.source = source
            self.target = target
            self.filter = filter
            self.writer = writer
            self.jobs = jobs
            self.dryRun = dryRun
            self.progress = progress
        }
    }

    private let settings: Settings
    private let log: Logger
    private let layout: COGLayout
    private let executor: BlockingExecutor

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
        layout = COGLayout(root: settings.target)
        executor = BlockingExecutor(width: settings.jobs)
    }

    /// Converts what is not there yet.
    ///
    /// - Returns: how many products were converted, were there already, and failed.
    /// - Throws: ``PipelineError`` when no work is possible at all, `CancellationError` when interrupted.
    public func run() async throws -> JobOutcome {
        let catalogue = try ProductCatalogue(root: settings.source, filter: settings.filter)
        var outcome = JobOutcome(failures: catalogue.refusals.map(\.description))
        for (tileYear, products) in catalogue.products.sorted(by: { $0.key < $1.key }) {
            let source = try await TileYearProducts.read(products, on: executor, log: log)
            outcome.failures += source.failures
            do {
                try await convert(source, of: tileYear, &outcome)
            } catch let error as PipelineError {
                outcome.add(error.within("\(tileYear)"))
            }
            if outcome.ranOutOfSpace { break }
        }
        log.info("\(outcome.finished) products converted, \(outcome.skipped) were there already")
        return outcome
    }

    private func convert(
        _ source: TileYearProducts,
        of tileYear: ProductCatalogue.TileYear,
        _ outcome: inout JobOutcome
    ) async throws {
        let missing = try source.products.filter { try !layout.isComplete($0.product.product.name) }
        outcome.skipped += source.products.count - missing.count
        guard !missing.isEmpty else {
            return log.info("\(tileYear): nothing to do, \(source.products.count) products are there")
        }
        log.info("\(tileYear): \(missing.count) of \(source.products.count) products to convert")
        guard !settings.dryRun else { return }
        let folder = layout.folder(of: tileYear)
        try FileSystem.createDirectories(folder)
        let lock = try TargetLock(path: FileSystem.join(folder, ".conversion.lock"))
        try AtomicFile.removeLeftovers(below: folder)
        let progress = Progress(
            "\(tileYear) to COG",
            total: missing.reduce(0) { $0 + $1.pixelCount },
            unit: .pixels,
            style: settings.progress,
            log: log
        )
        defer { progress.finish() }
        for (index, images) in missing.enumerated() {
            do {
                // Another run may have made it before this one got the lock.
                guard try !layout.isComplete(images.product.product.name) else {
                    outcome.skipped += 1
                    continue
                }
                let start = Clock.seconds()
                try await convert(images, progress)
                outcome.finished += 1
                log.debug("\(images.product.identifier) converted in \(formatSeconds(Clock.seconds() - start))")
            } catch let error as PipelineError {
                outcome.add(error.within(images.product.identifier))
                guard outcome.ranOutOfSpace else { continue }
                let rest = missing.count - index - 1
                if rest > 0 { outcome.failures.append("noSpace: \(rest) more products of \(tileYear) were not tried") }
                break
            }
        }
        _ = consume lock
    }

    private func convert(_ images: ProductImages, _ progress: Progress) async throws {
        let folder = layout.folder(of: images.product.product.name)
        let temporary = AtomicFile.temporaryName(for: folder)
        try FileSystem.createDirectories(temporary)
        do {
            for resolution in Resolution.allCases {
                let file = FileSystem.join(temporary, "\(resolution.name).tif")
                try await COGConversion(images, resolution).write(to: file, settings.writer, on: executor, progress)
            }
            try await executor.run { try COGConversionJob.complete(images.product, temporary, folder) }
        } catch {
            try? FileSystem.remove(temporary)
            throw error
        }
    }

    private static func complete(_ product: DescribedProduct, _ temporary: String, _ folder: String) throws {
        for (path, name) in [
            (product.inventory.productMetadataPath, "MTD_MSIL1C.xml"),
            (product.inventory.tileMetadataPath, "MTD_TL.xml"),
        ] {
            try AtomicFile.write(
                FileSystem.contents(of: path),
                to: FileSystem.join(temporary, name),
                durability: .deferred
            )
        }
        for name in COGLayout.fileNames { try LocalFile(reading: FileSystem.join(temporary, name)).synchronize() }
        try FileSystem.synchronizeDirectory(temporary)
        // What an older version or a hand left there incomplete would keep the name from being given.
        try FileSystem.remove(folder)
        try FileSystem.rename(temporary, to: folder)
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: folder))
    }
}

extension ProductImages {
    /// Pixels of all bands.
    var pixelCount: Int { Band.allCases.reduce(0) { $0 + image($1).width * image($1).height } }
}
