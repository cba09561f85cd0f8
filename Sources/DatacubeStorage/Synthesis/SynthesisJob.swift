public import Logging
import Synchronization

/// Makes synthetic Sentinel-2 Level-1C products, to try the whole pipeline without an account.
///
/// Names, folders, metadata, codestreams and sizes are those of real products; the pictures are not. The same seed
/// gives the same bytes whatever the number of threads, and a product depends on seed, tile and date only.
public struct SynthesisJob: Sendable {
    /// What to make.
    public struct Settings: Sendable {
        /// Products go to `<output>/Sentinel-2/MSI/L1C/<year>/<month>/<day>/`.
        public var output: String
        /// Tile names such as `35VLH`.
        public var tiles: [String]
        /// The year of the products.
        public var year: Int
        /// Products of each tile, spread evenly over the year.
        public var dates: Int
        /// Pixels of 10 m along a side, a multiple of 6.
        public var extent: Int
        /// What makes one set of pictures differ from another.
        public var seed: UInt64
        /// The processor version that the products claim, such as `05.10`.
        public var baseline: String
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            output: String,
            tiles: [String],
            year: Int,
            dates: Int,
            extent: Int = MGRSTile.fullExtent,
            seed: UInt64 = 42,
            baseline: String = "05.10",
            options: RunOptions
        ) {
            self.output = output
            self.tiles = tiles
            self.year = year
            self.dates = dates
            self.extent = extent
            self.seed = seed
            self.baseline = baseline
            self.options = options
        }
    }

    private let settings: Settings
    private let log: Logger

    // Two products overlap, so that the threads that are done with one begin the next.
    private static let productsInFlight = 2

    /// Creates a job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Makes what is not there yet; a product that fails is named in the outcome and the others go on.
    public func run() async throws -> JobOutcome {
        try validate()
        try GDALLibrary.prepare()
        let executor = BlockingExecutor(width: settings.options.jobs)
        let progress = Progress(
            "synthesis",
            total: 0,
            unit: .pixels,
            style: settings.options.progress,
            log: log
        )
        let outcome = Mutex(JobOutcome())
        for name in settings.tiles {
            let products = try await products(of: name, on: executor)
            // A product that cannot be judged fails by itself when its turn comes.
            let missing = try await executor.run { products.count { (try? $0.isComplete()) != true } }
            log.info("\(name): \(missing) of \(products.count) products to make in \(settings.output)")
            let path = FileSystem.join(settings.output, ".synthesis-\(name).lock")
            guard !settings.options.dryRun, missing > 0 else {
                if !settings.options.dryRun { TargetLock.clearAbandoned(path: path) }
                outcome.withLock { $0.skipped += products.count - missing }
                continue
            }
            try FileSystem.createDirectories(settings.output)
            let lock = try await TargetLock.take(path: path)
            defer { lock.release() }
            progress.expect(missing * SynthesizedImages.Item.all.reduce(0) { $0 + $1.pixelCount(settings.extent) })
            try await forEachConcurrently(products, limit: Self.productsInFlight) { product in
                let change = try await make(product, under: lock, progress: progress, on: executor)
                outcome.withLock { $0.add(change) }
            }
        }
        progress.finish()
        let result = outcome.withLock { $0 }
        log.info("\(result.finished) products made, \(result.skipped) were there already")
        return result
    }

    private func make(
        _ product: ProductSynthesis,
        under lock: TargetLock,
        progress: Progress,
        on executor: BlockingExecutor
    ) async throws -> JobOutcome {
        do {
            if try await executor.run({ try product.isComplete() }) { return JobOutcome(skipped: 1) }
            try await product.run(lock, progress: progress, on: executor)
            log.debug("made \(product.identity.key)")
            return JobOutcome(finished: 1)
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = PipelineError.wrapping(error).within(product.identity.product)
            log.error("\(failure)")
            // Every further product would fail for the same reason.
            if failure.code == .noSpace { throw failure }
            return JobOutcome(failures: [failure.description])
        }
    }

    private func products(of name: String, on executor: BlockingExecutor) async throws -> [ProductSynthesis] {
        let tile = try MGRSTile(name)
        let baseline = try Baseline(settings.baseline)
        let all = Acquisition.all(of: tile, year: settings.year, baseline: baseline, seed: settings.seed)
        guard all.count >= settings.dates else {
            let message = "\(settings.dates) dates were asked for, but tile \(tile) is seen \(all.count) times in "
            throw PipelineError(.configuration, message + "\(settings.year); ask for at most that many")
        }
        let (extent, seed) = (settings.extent, settings.seed)
        let landscape = try await executor.run { Landscape(tile: tile, extent: extent, seed: seed) }
        return Acquisition.spread(all, count: settings.dates).map {
            let identity = ProductIdentity(acquisition: $0)
            return ProductSynthesis(identity: identity, landscape: landscape, extent: extent, output: settings.output)
        }
    }

    private func validate() throws(PipelineError) {
        let extent = settings.extent
        guard (96...MGRSTile.fullExtent).contains(extent), extent.isMultiple(of: 6) else {
            let message = "extent \(extent) does not fit: use a multiple of 6 between 96 and \(MGRSTile.fullExtent)"
            throw PipelineError(.configuration, message)
        }
        guard settings.dates > 0, !settings.tiles.isEmpty, (2015...2100).contains(settings.year) else {
            let message = "at least one tile, one date and a year from 2015 on are needed"
            throw PipelineError(.configuration, message)
        }
        for tile in settings.tiles { _ = try MGRSTile(tile) }
        _ = try Baseline(settings.baseline)
    }
}
