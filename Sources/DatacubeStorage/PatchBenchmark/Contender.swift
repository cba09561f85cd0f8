/// One of those that load patches in turn: a source with so many workers.
struct Contender: Sendable {
    /// What it is measured for.
    enum Role: Sendable, Equatable {
        /// For the results.
        case source
        /// A source once more under another name, to see whether the verdicts hold.
        case control
        /// For the curve of throughput over workers.
        case scaling
    }

    let role: Role
    /// Position in the set; that of the control is chosen after the warm-up.
    var source: Int
    let workers: Int

    /// Those that take turns in a run: its sources, a control where one makes sense, and each source with each further number
    /// of workers.
    ///
    /// A run that another program paces has its sources only, for that program answers for each load.
    static func all(of set: SourceSet, _ settings: BenchmarkJob.Settings) -> [Contender] {
        let main = settings.workers[0]
        let sources = set.sources.indices.map { Contender(role: .source, source: $0, workers: main) }
        guard settings.turn == nil else { return sources }
        let control = controllable(set, cache: settings.cache).prefix(1).map {
            Contender(role: .control, source: $0, workers: main)
        }
        let further = settings.workers.dropFirst().flatMap { count in
            set.sources.indices.map { Contender(role: .scaling, source: $0, workers: count) }
        }
        return sources + control + further
    }

    /// How many of a round's patches it loads: as many for each of its workers as the largest number of workers has.
    func patchCount(of all: Int) -> Int { min(all, workers * PatchPlan.patchesOfEachWorker(of: workers)) }

    /// The sources of which a second load in the same round finds what the first one found: with a cache that is prepared all,
    /// else those that no page cache of this machine serves.
    static func controllable(_ set: SourceSet, cache: CacheState) -> [Int] {
        guard set.sources.count > 1 else { return [] }
        return set.sources.indices.filter {
            cache != .uncontrolled || set.sources[$0].place.store.properties.isDistant
        }
    }
}
