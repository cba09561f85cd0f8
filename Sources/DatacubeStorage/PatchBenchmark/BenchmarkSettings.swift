extension BenchmarkJob {
    /// What to measure.
    public struct Settings: Sendable {
        /// Storages, formats, tile and year.
        public var selection: PatchSelection
        /// Where the results go.
        public var output: ResultsDestination
        /// Side of a patch in metres, a multiple of 60.
        public var patchSize: Int
        /// When the run has measured enough.
        public var stop: StopRule
        /// What patches and order are drawn with.
        public var seed: UInt64
        /// Where patches may lie; nil means the whole tile.
        public var area: PatchArea?
        /// What the page cache holds when the clock starts.
        public var cache: CacheState
        /// Patches loaded at once, each into 2.9 MB a date for patches of 5100 m; the first number is that of the results, the
        /// others are for the curve of throughput.
        public var workers: [Int]
        /// Threads of each worker.
        public var threads: Int
        /// Patches to load instead of drawn ones; tile, year, products, patch size, repeats, seed and workers
        /// are then the plan's.
        public var plan: PatchPlanFile? {
            didSet { adoptPlan() }
        }
        /// The source that all others are compared with, such as `network zarr`; nil compares all pairs.
        public var baseline: String?
        /// What `nvme-stage --record` measured.
        public var staging: CopyRecord?
        /// What the site gives on each storage.
        public var quotas: [Storage: StorageQuota] = [:]
        /// Measures what the devices allow in turn with the loads.
        public var measuresCeilings = true
        /// A consumer to simulate after the rounds; nil for none.
        public var consumer: Consumer?
        /// Where to write the plan instead of loading it.
        public var planOutput: String?
        /// Asked before each load, which starts when it returns true; false ends the run early.
        ///
        /// So another program can load patches in turn with this one.
        public var turn: (@Sendable () -> Bool)?
        /// Told of each load that is done: the round, the source, the seconds of each worker.
        public var loaded: (@Sendable (Int, String, [Double]) -> Void)?
        /// How to run; `threads` and `workers` stand in for its jobs.
        public var options: RunOptions

        /// Creates settings.
        public init(
            selection: PatchSelection,
            output: ResultsDestination,
            patchSize: Int = 5100,
            stop: StopRule = StopRule(),
            seed: UInt64 = 42,
            area: PatchArea? = nil,
            cache: CacheState = .uncontrolled,
            workers: [Int] = [1],
            threads: Int,
            options: RunOptions = RunOptions()
        ) {
            self.selection = selection
            self.output = output
            self.patchSize = patchSize
            self.stop = stop
            self.seed = seed
            self.area = area
            self.cache = cache
            self.workers = workers
            self.threads = threads
            self.options = options
        }

        private mutating func adoptPlan() {
            guard let plan else { return }
            (patchSize, seed) = (plan.patchSize, plan.seed)
            (selection.tile, selection.year) = (plan.tile, plan.year)
            stop = StopRule(rounds: plan.rounds.count - 1)
            workers = [plan.workers ?? plan.rounds.first?.patches.count ?? 1]
        }
    }

    /// What takes patches as training does: one after the other, each for a while.
    public struct Consumer: Sendable, Equatable {
        /// Seconds that it works on a patch.
        public var step: Double
        /// Patches that each worker loads ahead.
        public var prefetch: Int

        /// Describes a consumer.
        public init(step: Double, prefetch: Int) {
            self.step = step
            self.prefetch = prefetch
        }
    }
}
