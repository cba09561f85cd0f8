public import Logging

/// Measures how long random patch time series take to load, from every format on every storage.
///
/// The same patches, drawn by a seed, are loaded from all sources in an order that the seed shuffles, after one
/// round that does not count. What each source delivers is compared by CRC-32, outside the measured time; a
/// difference fails the run. Metadata and indices are opened once, before the clock starts, as a training process
/// does; files of pixels are opened within the measured time.
public struct BenchmarkJob: Sendable {
    private let settings: Settings
    private let log: Logger

    /// Creates a job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Runs all rounds and writes the results file.
    ///
    /// - Returns: the results and the file's path, or nil when nothing was to be loaded.
    /// - Throws: ``PipelineError`` when a source is missing, or of code `mismatch` when two deliver other pixels.
    public func run() async throws -> (results: BenchmarkResults, path: String)? {
        try await endingCallsOnCancellation(settings.selection.places.map(\.store)) { try await runAll() }
    }

    private func runAll() async throws -> (results: BenchmarkResults, path: String)? {
        guard settings.repeats > 0, settings.workers > 0, settings.threads > 0 else {
            throw PipelineError(.configuration, "repeats, workers and threads must be at least 1")
        }
        let set = try await SourceSet.open(
            settings.selection,
            products: settings.plan?.products,
            mayWrite: !settings.options.dryRun,
            on: PatchThreads(settings.threads),
            log: log
        )
        guard let grid = set.grids.values.first?.coarsened(to: .r60) else {
            throw PipelineError(.configuration, "no resolution to load")
        }
        let area = try settings.area?.snapped(to: grid) ?? PatchArea(grid)
        let plan = try settings.plan?.plan(for: set) ?? draw(area, set: set)
        if let path = settings.planOutput, !settings.options.dryRun {
            try PatchPlanFile(plan, of: set, size: settings.patchSize, seed: settings.seed).write(to: path)
            return nil
        }
        announce(set)
        guard !settings.options.dryRun else { return nil }
        let created = Timestamp.now().description
        let (measurements, patches) = try await measure(plan, set: set)
        let results = results(measurements, patches: patches, set: set, area: area, created: created)
        return (results, try results.write(to: settings.output))
    }

    private func draw(_ area: PatchArea, set: SourceSet) throws -> PatchPlan {
        try PatchPlan(
            area: area,
            size: settings.patchSize,
            repeats: settings.repeats,
            workers: settings.workers,
            sources: set.sources.count,
            seed: settings.seed
        )
    }

    private func announce(_ set: SourceSet) {
        let names = set.sources.map(\.name).joined(separator: ", ")
        log.info("\(set.tileYear): \(set.identifiers.count) dates from \(names)")
        let threads = "workers: \(settings.workers), threads of each: \(settings.threads)"
        log.info(
            "\(settings.repeats) patches of \(settings.patchSize) m after one warm-up, \(threads), cache \(settings.cache.rawValue)"
        )
    }

    private func measure(
        _ plan: PatchPlan,
        set: SourceSet
    ) async throws -> ([SourceMeasurement], [PatchRecord]) {
        var round = try BenchmarkRound(settings, set: set)
        var measurements = set.sources.map { _ in SourceMeasurement() }
        var patches: [PatchRecord] = []
        let progress = Progress(
            "benchmark",
            total: plan.rounds.count * set.sources.count,
            unit: .items("loads"),
            style: settings.options.progress,
            log: log
        )
        defer { progress.finish() }
        rounds: for (number, planned) in plan.rounds.enumerated() {
            for source in planned.order {
                try Task.checkCancellation()
                if let turn = settings.turn, !turn() { break rounds }
                do {
                    let sample = try await round.sample(number, patches: planned.patches, source: source)
                    if number == 0 {
                        measurements[source].warmUp = sample.durations
                    } else {
                        measurements[source].samples.append(sample)
                    }
                    settings.loaded?(number, set.sources[source].name, sample.durations)
                } catch let error as PipelineError where error.code != .mismatch {
                    log.error("\(set.sources[source].name): \(error)")
                    measurements[source].failures.append("\(error)")
                    settings.loaded?(number, set.sources[source].name, [])
                }
                progress.advance(by: 1)
            }
            if number > 0 { patches += round.records(number, patches: planned.patches) }
        }
        return (measurements, patches)
    }

    private func results(
        _ measurements: [SourceMeasurement],
        patches: [PatchRecord],
        set: SourceSet,
        area: PatchArea,
        created: String
    ) -> BenchmarkResults {
        var results: [String: [String: SourceResults]] = [:]
        for (source, measurement) in zip(set.sources, measurements) {
            results[source.place.storage.rawValue, default: [:]][source.place.format.name] = SourceResults(
                shapes: shapes(set),
                samples: measurement.samples,
                warmUp: measurement.warmUp,
                failures: measurement.failures
            )
        }
        return BenchmarkResults(
            version: Version.current,
            created: created,
            tile: set.tileYear.tile,
            year: set.tileYear.year,
            seed: settings.seed,
            repeats: settings.repeats,
            patchSize: settings.patchSize,
            area: [area.x1, area.y1, area.x2, area.y2],
            cache: settings.cache,
            workers: settings.workers,
            threads: settings.threads,
            products: set.identifiers,
            patches: patches,
            environment: .current(folders: settings.selection.places.compactMap(\.store.properties.folder)),
            results: results,
            comparisons: comparisons(measurements, set: set)
        )
    }

    private func shapes(_ set: SourceSet) -> [String: [Int]] {
        Dictionary(
            uniqueKeysWithValues: set.grids.keys.map { resolution in
                let side = settings.patchSize / resolution.metres
                return (resolution.name, [set.identifiers.count, resolution.bands.count, side, side])
            }
        )
    }

    /// Each source against the fastest, on the rounds that both finished.
    private func comparisons(_ measurements: [SourceMeasurement], set: SourceSet) -> [PairedComparison] {
        let timed = zip(set.sources, measurements).filter { !$0.1.samples.isEmpty }
            .sorted { $0.1.mean < $1.1.mean }
        guard let fastest = timed.first else { return [] }
        return timed.dropFirst().compactMap { source, measurement in
            let (fast, slow) = fastest.1.pairs(with: measurement)
            guard !fast.isEmpty else { return nil }
            return PairedComparison(faster: fastest.0.name, fast, slower: source.name, slow: slow, seed: settings.seed)
        }
    }
}

/// What was measured of one source.
struct SourceMeasurement {
    var warmUp: [Double] = []
    var samples: [Sample] = []
    var failures: [String] = []

    var mean: Double { DurationStatistics(samples.flatMap(\.durations)).mean }

    /// The durations of the rounds that both have.
    func pairs(with other: SourceMeasurement) -> ([Double], [Double]) {
        let theirs = Dictionary(uniqueKeysWithValues: other.samples.map { ($0.round, $0.durations) })
        let common = samples.filter { theirs[$0.round] != nil }
        return (common.flatMap(\.durations), common.flatMap { theirs[$0.round] ?? [] })
    }
}
