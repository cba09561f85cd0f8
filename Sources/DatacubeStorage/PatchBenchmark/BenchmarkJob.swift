public import Logging

/// Measures how long random patch time series take to load, from every format on every storage.
///
/// The same patches, drawn by a seed, are loaded from all sources in an order that the seed shuffles, after one
/// round that does not count. What each source delivers is compared by CRC-32, outside the measured time; a
/// difference fails the run. Metadata and indices are opened once, before the clock starts, as a training process
/// does; files of pixels are opened within the measured time. Nothing is written but the results.
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
        guard settings.stop.most > 0, settings.threads > 0, let workers = settings.workers.min(), workers > 0 else {
            throw PipelineError(.configuration, "repeats, workers and threads must be at least 1")
        }
        let environment = RunEnvironment.current(
            folders: settings.selection.places.compactMap(\.store.properties.folder)
        )
        let observed = ObservedSelection(settings.selection)
        let set = try await SourceSet.open(
            observed.selection,
            products: settings.plan?.products,
            on: PatchThreads(settings.threads),
            log: log
        )
        try checkBaseline(set)
        let (plan, area) = try plan(set)
        if let path = settings.planOutput, !settings.options.dryRun {
            try file(plan, of: set).write(to: path)
            return nil
        }
        announce(set)
        guard !settings.options.dryRun else { return nil }
        let created = Timestamp.now().description
        let before = (ProcessorTime.current(), ProcessCosts.current())
        var run = try BenchmarkRun(settings, set: set, logs: observed.logs, environment: environment, log: log)
        try await run.measure(plan)
        let training = try await run.simulateConsumer(plan)
        let others = before.0.flatMap { Self.shareOfOthers(since: $0, costs: before.1) }
        let budgets = try await StorageBudget.measure(set, quotas: settings.quotas, on: PatchThreads(settings.threads))
        let assembly = ResultsAssembly(settings, set: set, run: run, environment: environment, others: others)
        let results = assembly.results(created: created, area: area, training: training, budgets: budgets)
        return (results, try results.write(to: settings.output))
    }

    private static func shareOfOthers(since before: ProcessorTime, costs: ProcessCosts) -> Double? {
        let own = ProcessCosts.current() - costs
        return ProcessorTime.current()?.shareOfOthers(since: before, own: own.user + own.system)
    }

    private func checkBaseline(_ set: SourceSet) throws(PipelineError) {
        let names = set.sources.map(\.name)
        guard let baseline = settings.baseline, !names.contains(baseline) else { return }
        throw PipelineError(.configuration, "--baseline '\(baseline)' is none of \(names.joined(separator: ", "))")
    }

    private func plan(_ set: SourceSet) throws -> (PatchPlan, PatchArea) {
        guard let grid = set.grids.values.first?.coarsened(to: .r60) else {
            throw PipelineError(.configuration, "no resolution to load")
        }
        let area = try settings.area?.snapped(to: grid) ?? PatchArea(grid)
        let contenders = Contender.all(of: set, settings).count
        if let file = settings.plan { return (try file.plan(for: set, contenders: contenders), area) }
        let most = settings.workers.max() ?? 1
        let plan = try PatchPlan(
            area: area,
            size: settings.patchSize,
            repeats: settings.stop.most,
            patches: most * PatchPlan.patchesOfEachWorker(of: most),
            contenders: contenders,
            seed: settings.seed
        )
        return (plan, area)
    }

    private func file(_ plan: PatchPlan, of set: SourceSet) throws -> PatchPlanFile {
        try PatchPlanFile(
            plan,
            of: set,
            size: settings.patchSize,
            workers: settings.workers[0],
            seed: settings.seed
        )
    }

    private func announce(_ set: SourceSet) {
        let names = set.sources.map(\.name).joined(separator: ", ")
        log.info("\(set.tileYear): \(set.identifiers.count) dates from \(names)")
        let workers = settings.workers.map(String.init).joined(separator: " ")
        let threads = "workers: \(workers), threads of each: \(settings.threads)"
        log.info(
            "patches of \(settings.patchSize) m, \(settings.stop.description) after one warm-up, \(threads), cache \(settings.cache.rawValue)"
        )
    }
}

/// The places of a selection with logs of what is read of them.
private struct ObservedSelection {
    let selection: PatchSelection
    let logs: [ReadLog]

    init(_ selection: PatchSelection) {
        let logs = selection.places.map { _ in ReadLog() }
        var observed = selection
        observed.places = zip(selection.places, logs).map { place, log in
            PatchSelection.Place(
                storage: place.storage,
                format: place.format,
                store: ObservedStore(place.store, log: log),
                ignoresIndex: place.ignoresIndex
            )
        }
        (self.selection, self.logs) = (observed, logs)
    }
}
