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
        /// How files that are there are compared with their inventories.
        public var verification: FileVerification
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            source: String,
            target: any ObjectStore,
            workFolder: String = "/tmp",
            filter: TileYearFilter = .all,
            writer: COGWriter,
            verification: FileVerification = .size,
            options: RunOptions
        ) {
            self.source = source
            self.target = target
            self.workFolder = workFolder
            self.filter = filter
            self.writer = writer
            self.verification = verification
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

    func work(
        on source: TileYearProducts,
        of tileYear: TileYear,
        in target: any ObjectStore
    ) async throws -> ConversionWork {
        let present = try await COGTileYear.look(
            at: tileYear,
            in: target,
            by: settings.verification,
            on: executor
        )
        let missing = source.products.filter { images in
            let successors = source.unusableSuccessors(of: images.product)
            return !present.whole.contains(images.product.identifier) && present.whole.isDisjoint(with: successors)
        }
        return ConversionWork(
            missing: missing,
            presentCount: source.products.count - missing.count,
            describesAgain: !present.unlisted.isEmpty
                || present.names.contains { source.superseded.contains($0.identifier) }
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
        var (source, due) = (source, work.missing)
        while !due.isEmpty {
            let images = due.removeFirst()
            do {
                let start = SystemClock.seconds()
                try await convert(images, under: lock, progress: progress)
                outcome.finished += 1
                log.debug("\(images.product.identifier) converted in \(formatSeconds(SystemClock.seconds() - start))")
            } catch let error as PipelineError {
                outcome.add(error.within(images.product.identifier))
                // Another run goes on from here.
                if error.code == .locked { return }
                if outcome.ranOutOfSpace {
                    if !due.isEmpty {
                        outcome.failures.append("noSpace: \(due.count) more products of \(tileYear) were not tried")
                    }
                    return
                }
                // What it would have replaced stays, or is made now.
                let known = Set(source.products.map(\.product.identifier))
                source = try await source.without([images.product.identifier: error], on: executor, log: log)
                let others = source.products.filter { !known.contains($0.product.identifier) }
                let whole = try await COGTileYear.look(
                    at: tileYear,
                    in: settings.target,
                    by: settings.verification,
                    on: executor
                ).whole
                due += others.filter { !whole.contains($0.product.identifier) }
                outcome.skipped += others.count { whole.contains($0.product.identifier) }
            }
        }
        try await settle(source, of: tileYear, under: lock)
    }

    /// Lists what an earlier version made without an inventory, and removes what later processings took the place of.
    private func settle(_ source: TileYearProducts, of tileYear: TileYear, under lock: TargetLock) async throws {
        let store = settings.target.locked(by: lock)
        let present = try await COGTileYear.look(at: tileYear, in: store, by: .size, on: executor)
        for name in present.names where source.superseded.contains(name.identifier) {
            try await executor.run {
                let key = COGLayout.key(of: name)
                for file in COGLayout.fileNames.reversed() { try store.delete(ObjectKey.join(key, file)) }
                try store.deleteAll(below: key)
            }
            log.info("\(name.identifier) is removed: a later processing of the same data is there")
        }
        for name in present.unlisted where !source.superseded.contains(name.identifier) {
            let place = COGLayout.inventory(of: name, in: store)
            let inventory = try await place.made(on: executor)
            try await executor.run { try place.write(inventory) }
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

/// The finished products of a tile-year.
private struct COGTileYear {
    /// All that have files, perhaps not all of theirs.
    let names: [ProductName]
    /// Those whose files are what their inventories list, or that have none.
    let whole: Set<String>
    /// Those that have none.
    let unlisted: [ProductName]

    static func look(
        at tileYear: TileYear,
        in store: any ObjectStore,
        by verification: FileVerification,
        on executor: BlockingExecutor
    ) async throws -> COGTileYear {
        let all = try await executor.run { try COGLayout.begunProducts(of: tileYear, in: store) }
        let names = try await executor.run { try COGLayout.products(of: tileYear, in: store) }
        var (whole, unlisted): (Set<String>, [ProductName]) = ([], [])
        for name in names {
            let place = COGLayout.inventory(of: name, in: store)
            guard let inventory = try await executor.run({ try place.readIfSound() }) else {
                // One that makes no sense vouches for nothing; one that is absent was never written.
                let isAbsent = try await executor.run { try store.size(of: place.key) } == nil
                guard isAbsent else { continue }
                unlisted.append(name)
                whole.insert(name.identifier)
                continue
            }
            // One that lists not all of them has lost lines.
            guard COGLayout.fileNames.allSatisfy({ $0 == Inventory.fileName || inventory.entries[$0] != nil }) else {
                continue
            }
            let lost = try await place.difference(from: inventory, by: verification, on: executor).lost
            if lost.isEmpty { whole.insert(name.identifier) }
        }
        return COGTileYear(names: all, whole: whole, unlisted: unlisted)
    }
}
