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
                let place = try await executor.run { try? converter.place(of: tileYear) }
                let source = try await TileYearProducts.read(
                    products,
                    indices: options.dryRun ? .use : .keep,
                    on: executor,
                    log: log
                )
                let usable =
                    converter.needsOnePlace ? try await source.inOnePlace(place, on: executor, log: log) : source
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
        let planned = try await converter.work(on: source, of: tileYear, in: target)
        tell(planned, of: tileYear)
        let isDue = try await planned.isEmpty ? hasLeftover(of: tileYear) : true
        guard !options.dryRun, isDue else {
            outcome.skipped += planned.presentCount
            return planned.missing.count
        }
        let lock = try await takeLock(of: tileYear)
        defer { lock.release() }
        try await converter.completeEarlierRun(of: tileYear, under: lock)
        // Another run may have done some or all of it before this one got the lock.
        let work = try await converter.work(on: source, of: tileYear, in: target)
        outcome.skipped += work.presentCount
        if !work.isEmpty { try await convert(source, work: work, of: tileYear, under: lock, into: &outcome) }
        try await converter.discardLeftovers(under: lock)
        return work.missing.count
    }

    private func convert(
        _ source: TileYearProducts,
        work: ConversionWork,
        of tileYear: TileYear,
        under lock: TargetLock,
        into outcome: inout JobOutcome
    ) async throws {
        let progress = Progress(
            "\(tileYear) to \(converter.formatName)",
            total: work.missing.reduce(0) { $0 + $1.pixelCount },
            unit: .pixels,
            style: options.progress,
            log: log
        )
        defer { progress.finish() }
        try await converter.convert(source, work: work, of: tileYear, under: lock, progress: progress, into: &outcome)
    }

    private func tell(_ work: ConversionWork, of tileYear: TileYear) {
        let all = work.missing.count + work.presentCount
        if work.lostCount > 0 {
            log.warning("\(tileYear): \(work.lostCount) files are lost or damaged; they are made again")
        } else if !work.missing.isEmpty {
            log.info("\(tileYear): \(work.missing.count) of \(all) products to convert")
        } else if work.describesAgain {
            log.info("\(tileYear): \(all) products are there; their metadata or inventories are to be written again")
        } else {
            log.info("\(tileYear): nothing to do, \(all) products are there")
        }
    }

    /// Takes the lock, and removes what killed runs left.
    private func takeLock(of tileYear: TileYear) async throws -> TargetLock {
        let path = lockPath(of: tileYear)
        let folder = FileSystem.parent(of: path)
        try await executor.run { try FileSystem.createDirectories(folder) }
        let lock = try await TargetLock.take(path: path, keepsWork: converter.keepsWork)
        if target.properties.folder != nil {
            try await executor.run { try AtomicFile.removeLeftovers(below: folder) }
        }
        return lock
    }

    /// Where the lock is.
    ///
    /// Locks need a file system that all nodes share. A bucket is none, so its locks lie beside the products.
    private func lockPath(of tileYear: TileYear) -> String {
        let level = converter.level(of: tileYear)
        guard let root = target.properties.folder else {
            let name = "\(target)/\(level)".filter { $0 != ":" }.replacing("/", with: "-")
            return FileSystem.join(source, ".conversion-to-\(name).lock")
        }
        let path = FileSystem.join(root, level)
        guard converter.isOneObject else { return FileSystem.join(path, ".conversion.lock") }
        return FileSystem.join(FileSystem.parent(of: path), ".\(FileSystem.name(of: path)).conversion.lock")
    }

    /// Whether a run that has ended left its lock, perhaps with work that is all but done.
    private func hasLeftover(of tileYear: TileYear) async throws -> Bool {
        let path = lockPath(of: tileYear)
        let keepsWork = converter.keepsWork
        return try await executor.run {
            if !options.dryRun { TargetLock.clearAbandoned(path: path, keepsWork: keepsWork) }
            guard try FileSystem.exists(path) else { return false }
            return (try? TargetLock.requireFree(path)) != nil
        }
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
    /// Whether that is one object.
    var isOneObject: Bool { get }
    /// Whether unfinished work is kept for the next run.
    var keepsWork: Bool { get }
    /// Where what is there already lies on the ground, as far as that matters.
    func place(of tileYear: TileYear) throws -> TileGeocoding?
    /// Ends what a killed run has left half done.
    func completeEarlierRun(of tileYear: TileYear, under lock: TargetLock) async throws
    /// Removes what was gathered and is of no use any more.
    func discardLeftovers(under lock: TargetLock) async throws
    /// What is to be done.
    func work(
        on source: TileYearProducts,
        of tileYear: TileYear,
        in target: any ObjectStore
    ) async throws -> ConversionWork
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
    /// Whether what is declared has to be replaced.
    var replaces = false
    /// Files that inventories list and that are gone, or are not what they were.
    var lostCount = 0

    var isEmpty: Bool { missing.isEmpty && !describesAgain && lostCount == 0 }
}

extension TileYearConverter {
    var isOneObject: Bool { false }
    var keepsWork: Bool { false }

    func completeEarlierRun(of tileYear: TileYear, under lock: TargetLock) async throws {}
    func discardLeftovers(under lock: TargetLock) async throws {}
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
