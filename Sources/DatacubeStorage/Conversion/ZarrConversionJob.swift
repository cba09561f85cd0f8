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
        /// How files that are there are compared with their inventories.
        public var verification: FileVerification
        /// How to run.
        public var options: RunOptions

        /// Creates settings; by default for the seed layout.
        public init(
            source: String,
            target: any ObjectStore,
            filter: TileYearFilter = .all,
            format: DataFormat = .zarr,
            chunking: CubeSchema.Chunking = .init(),
            verification: FileVerification = .size,
            options: RunOptions
        ) {
            self.source = source
            self.target = target
            self.filter = filter
            self.format = format
            self.chunking = chunking
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

    // Chunks that take the place of others are gathered there.
    let keepsWork = true

    func completeEarlierRun(of tileYear: TileYear, under lock: TargetLock) async throws {
        try await layout.completeReplacement(of: tileYear, in: settings.target, under: lock, on: executor)
    }

    func work(
        on source: TileYearProducts,
        of tileYear: TileYear,
        in target: any ObjectStore
    ) async throws -> ConversionWork {
        let isDamaged = try await isContainerDamaged(of: tileYear, in: target)
        let lost = try await lostFiles(of: tileYear, source, in: target)
        guard !isDamaged, lost.isEmpty else {
            return ConversionWork(missing: [], presentCount: source.products.count, lostCount: max(1, lost.count))
        }
        return try await plan(source, of: tileYear)
    }

    func convert(
        _ source: TileYearProducts,
        work: ConversionWork,
        of tileYear: TileYear,
        under lock: TargetLock,
        progress: Progress,
        into outcome: inout JobOutcome
    ) async throws {
        var (source, work) = (source, work)
        if work.lostCount > 0 { work = try await restore(source, of: tileYear, under: lock) }
        var due: Set<String> = []
        while !work.isEmpty {
            due.formUnion(work.missing.map(\.product.identifier))
            if work.replaces {
                log.info(
                    "\(tileYear): dates that are there have to move; readers that have the cube open must open it again"
                )
            }
            let target = try await target(of: tileYear, replaces: work.replaces, under: lock)
            do {
                let conversion = conversion(of: tileYear, source, at: target.place, previous: target.previous)
                try await conversion.run(progress: progress, log: log)
                try await target.finish(on: executor)
                outcome.finished += due.count
                break
            } catch let failure as ProductFailure {
                outcome.failures.append("\(failure.error.within(failure.identifier))")
                log.warning("\(failure.identifier) is left out: \(failure.error)")
                due.remove(failure.identifier)
                let known = Set(source.products.map(\.product.identifier))
                source = try await source.without([failure.identifier: failure.error], on: executor, log: log)
                guard !source.products.isEmpty else { break }
                work = try await plan(source, of: tileYear)
                // Earlier processings that stay, unless they are still to be made.
                let missing = Set(work.missing.map(\.product.identifier))
                outcome.skipped +=
                    source.products.map(\.product.identifier).count { !known.contains($0) && !missing.contains($0) }
            }
        }
    }

    /// Makes what is lost again.
    ///
    /// - Returns: What is to be done after that.
    private func restore(
        _ source: TileYearProducts,
        of tileYear: TileYear,
        under lock: TargetLock
    ) async throws -> ConversionWork {
        let target = try await target(of: tileYear, replaces: false, under: lock)
        try await repair(of: tileYear, at: target.place, source).run(log)
        try await executor.run { try CubeAncestors.complete(of: target.place, anew: true) }
        try await target.finish(on: executor)
        return try await plan(source, of: tileYear)
    }

    private func isContainerDamaged(of tileYear: TileYear, in target: any ObjectStore) async throws -> Bool {
        do {
            guard settings.verification == .checksum else {
                _ = try await executor.run { try layout.cubes(of: tileYear, in: target) }
                return false
            }
            return try await layout.isDamaged(tileYear, in: target, on: executor)
        } catch let error as PipelineError where error.code == .corrupt {
            // It may hold dates whose products are gone.
            let remedy = "bring a copy back, or remove it to have it made of the products that are there"
            throw PipelineError(.corrupt, "\(error.message); \(remedy)", cause: error.cause)
        }
    }

    private func lostFiles(
        of tileYear: TileYear,
        _ source: TileYearProducts,
        in target: any ObjectStore
    ) async throws -> [String] {
        guard let place = try await executor.run({ try layout.cubes(of: tileYear, in: target) }) else { return [] }
        return try await repair(of: tileYear, at: place, source).lost()
    }

    func discardLeftovers(under lock: TargetLock) async throws {
        try await executor.run { try GatheredChanges(under: lock).discard() }
    }

    private func plan(_ source: TileYearProducts, of tileYear: TileYear) async throws -> ConversionWork {
        try await executor.run { [layout, settings] in
            guard let place = try layout.cubes(of: tileYear, in: settings.target) else {
                return ConversionWork(missing: source.products, presentCount: 0)
            }
            return try conversion(of: tileYear, source, at: place, previous: nil).work()
        }
    }

    private func target(
        of tileYear: TileYear,
        replaces: Bool,
        under lock: TargetLock
    ) async throws -> any CubeConversion {
        try await executor.run { [layout, settings] in
            try layout.conversion(
                of: tileYear,
                chunking: settings.chunking,
                replaces: replaces,
                in: settings.target,
                under: lock
            )
        }
    }

    private func conversion(
        of tileYear: TileYear,
        _ source: TileYearProducts,
        at place: CubePlace,
        previous: CubePlace?
    ) -> TileYearConversion {
        TileYearConversion(
            tileYear,
            place: place,
            previous: previous,
            source: ConversionSource(source),
            chunking: settings.chunking,
            executor: executor
        )
    }

    private func repair(of tileYear: TileYear, at place: CubePlace, _ source: TileYearProducts) -> CubeRepair {
        CubeRepair(
            tileYear,
            place: place,
            source: ConversionSource(source),
            chunking: settings.chunking,
            verification: settings.verification,
            executor: executor
        )
    }
}
