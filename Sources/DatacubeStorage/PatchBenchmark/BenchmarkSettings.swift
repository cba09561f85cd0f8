extension BenchmarkJob {
    /// What to measure.
    public struct Settings: Sendable {
        /// Storages, formats, tile and year.
        public var selection: PatchSelection
        /// Where the results go.
        public var output: ResultsDestination
        /// Side of a patch in metres, a multiple of 60.
        public var patchSize: Int
        /// Rounds that count.
        public var repeats: Int
        /// What patches and order are drawn with.
        public var seed: UInt64
        /// Where patches may lie; nil means the whole tile.
        public var area: PatchArea?
        /// What the page cache holds when the clock starts.
        public var cache: CacheState
        /// Patches loaded at once, each into 2.9 MB a date for patches of 5100 m.
        public var workers: Int
        /// Threads of each worker.
        public var threads: Int
        /// Patches to load instead of drawn ones; tile, year, products, patch size, repeats, seed and workers
        /// are then the plan's.
        public var plan: PatchPlanFile? {
            didSet { adoptPlan() }
        }
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
            repeats: Int = 10,
            seed: UInt64 = 42,
            area: PatchArea? = nil,
            cache: CacheState = .uncontrolled,
            workers: Int = 1,
            threads: Int,
            options: RunOptions = RunOptions()
        ) {
            self.selection = selection
            self.output = output
            self.patchSize = patchSize
            self.repeats = repeats
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
            repeats = plan.rounds.count - 1
            workers = plan.rounds.first?.patches.count ?? workers
        }
    }
}
