import Logging

/// What both conversions do: tile-year by tile-year, what is not there yet, under a lock.
struct ConversionRun<Converter: TileYearConverter>: Sendable {
    /// The folder of the products.
    let source: String
    /// Where results go.
    let target: any ObjectStore
    let filter: TileYearFilter
    let options: RunOptions
    let log: Logger
    let converter: Converter
    let executor: BlockingExecutor

    /// Converts what is not there yet; cancelling the task ends requests to the target too.
    ///
    /// - Returns: how many products were converted, were there already, and failed.
    /// - Throws: ``PipelineError`` when no work is possible at all, `CancellationError` when interrupted.
    func run() async throws -> JobOutcome {
        try await endingCallsOnCancellation([target]) { try await convertAll() }
    }

    private func convertAll() async throws -> JobOutcome {
        // Before hours of decoding, not after them.
        try await executor.run { try GDALLibrary.prepare() }
        let folder = try await executor.run { try ProductFolder(root: source, filter: filter) }
        var outcome = JobOutcome(failures: folder.shortcomings(of: filter, log))
        var due = 0
        for (tileYear, products) in folder.products.sorted(by: { $0.key < $1.key }) {
            do {
                let place = try await executor.run { try converter.place(of: tileYear) }
                let source = try await TileYearProducts.read(
                    products,
                    keepsIndices: !options.dryRun,
                    on: executor,
                    log: log
                )
                let usable = converter.needsOnePlace ? source.inOnePlace(place) : source
                outcome.failures += usable.failures
                due += try await convert(usable, of: tileYear, into: &outcome)
            } catch let error as PipelineError {
                outcome.add(error.within("\(tileYear)"))
            }
            if outcome.ranOutOfSpace { break }
        }
        let made = options.dryRun ? "\(due) products would be converted" : "\(outcome.finished) products converted"
        log.info("\(made), \(outcome.skipped) \(options.dryRun ? "are" : "were") there already")
        return outcome
    }

    /// - Returns: How many products were to be converted.
    private func convert(
        _ source: TileYearProducts,
        of tileYear: TileYear,
        into outcome: inout JobOutcome
    ) async throws -> Int {
        guard !source.products.isEmpty else { return 0 }
        let planned = try await executor.run { try converter.work(on: source, of: tileYear, in: target) }
        tell(planned, of: tileYear)
        guard !planned.isEmpty, !options.dryRun else {
            outcome.skipped += planned.presentCount
            return planned.missing.count
        }
        let lock = try await takeLock(of: tileYear)
        defer { lock.release() }
        // Another run may have done some or all of it before this one got the lock.
        let work = try await executor.run { try converter.work(on: source, of: tileYear, in: target) }
        outcome.skipped += work.presentCount
        guard !work.isEmpty else { return 0 }
        let progress = Progress(
            "\(tileYear) to \(converter.formatName)",
            total: work.missing.reduce(0) { $0 + $1.pixelCount },
            unit: .pixels,
            style: options.progress,
            log: log
        )
        defer { progress.finish() }
        try await converter.convert(source, work: work, of: tileYear, under: lock, progress: progress, into: &outcome)
        return work.missing.count
    }

    private func tell(_ work: ConversionWork, of tileYear: TileYear) {
        let all = work.missing.count + work.presentCount
        if !work.missing.isEmpty {
            log.info("\(tileYear): \(work.missing.count) of \(all) products to convert")
        } else if work.describesAgain {
            log.info("\(tileYear): \(all) products are there; their metadata are to be written again")
        } else {
            log.info("\(tileYear): nothing to do, \(all) products are there")
        }
    }

    /// Takes the lock, and removes what killed runs left.
    ///
    /// Locks need a file system that all nodes share. A bucket is none, so its locks lie beside the products.
    private func takeLock(of tileYear: TileYear) async throws -> TargetLock {
        let (level, keepsWork) = (converter.level(of: tileYear), converter.isOneObject)
        guard let root = target.properties.folder else {
            let name = "\(target)/\(level)".filter { $0 != ":" }.replacing("/", with: "-")
            let path = FileSystem.join(source, ".conversion-to-\(name).lock")
            return try await .take(path: path, keepsWork: keepsWork)
        }
        let path = FileSystem.join(root, level)
        let folder = converter.isOneObject ? FileSystem.parent(of: path) : path
        let name = converter.isOneObject ? ".\(FileSystem.name(of: path)).conversion.lock" : ".conversion.lock"
        try await executor.run { try FileSystem.createDirectories(folder) }
        let lock = try await TargetLock.take(path: FileSystem.join(folder, name), keepsWork: keepsWork)
        try await executor.run { try AtomicFile.removeLeftovers(below: folder) }
        return lock
    }
}

/// What a converter knows of one tile-year.
protocol TileYearConverter: Sendable {
    /// What it makes, for the progress.
    var formatName: String { get }
    /// Whether products that lie elsewhere than the others are left out.
    var needsOnePlace: Bool { get }
    /// What a tile-year's results are written to: a level of the target, or an object.
    func level(of tileYear: TileYear) -> String
    /// Whether that is one object, of which unfinished work is kept for the next run.
    var isOneObject: Bool { get }
    /// Where what is there already lies on the ground, as far as that matters.
    func place(of tileYear: TileYear) throws -> TileGeocoding?
    /// What is to be done.
    func work(on source: TileYearProducts, of tileYear: TileYear, in target: any ObjectStore) throws -> ConversionWork
    /// Does it, and notes what was finished and what failed.
    func convert(
        _ source: TileYearProducts,
        work: ConversionWork,
        of tileYear: TileYear,
        under lock: TargetLock,
        progress: Progress,
        into outcome: inout JobOutcome
    ) async throws
}

/// What is to be done for a tile-year.
struct ConversionWork: Sendable {
    /// Products that are not there yet.
    var missing: [ProductImages]
    /// How many are.
    var presentCount: Int
    /// Whether what is there has to be described anew: an older version described it otherwise.
    var describesAgain = false

    var isEmpty: Bool { missing.isEmpty && !describesAgain }
}

extension TileYearConverter {
    var isOneObject: Bool { false }
}

extension BlockingExecutor {
    /// Threads for a conversion: twice as many where results go over a network, since a thread that waits for it needs
    /// no processor.
    static func converting(jobs: Int, into store: any ObjectStore) -> BlockingExecutor {
        BlockingExecutor(width: store.properties.isDistant ? 2 * jobs : jobs)
    }
}

extension ProductImages {
    /// Pixels of all bands.
    var pixelCount: Int { Band.allCases.reduce(0) { $0 + image($1).width * image($1).height } }
}
