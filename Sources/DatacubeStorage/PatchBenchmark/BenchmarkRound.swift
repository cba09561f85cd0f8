/// Takes samples: prepares the page cache, loads with all workers at once, and checks what came.
struct BenchmarkRound {
    private let cache: CacheState
    private let set: SourceSet
    private let logs: [ReadLog]
    private let proofs: [CacheProof]
    private let loaders: [PatchLoader]
    private var agreement: PatchAgreement
    /// Whether directory entries and inodes go too where the cache is to be cold.
    let dropsEntries: Bool

    /// - Parameters:
    ///   - settings: The run's.
    ///   - set: The sources.
    ///   - logs: What is read of each source.
    ///   - fileSystems: The file system of each source; empty for what is on no disk of this machine.
    /// - Throws: ``PipelineError`` where there is no memory for the patches.
    init(_ settings: BenchmarkJob.Settings, set: SourceSet, logs: [ReadLog], fileSystems: [String]) throws {
        cache = settings.cache
        self.set = set
        self.logs = logs
        proofs = fileSystems.map { CacheProof(settings.cache, fileSystem: $0) }
        loaders = try (0..<(settings.workers.max() ?? 1)).map { _ in
            try PatchLoader(threads: settings.threads, dates: set.identifiers.count, patchSize: settings.patchSize)
        }
        agreement = PatchAgreement(set)
        dropsEntries = cache == .cold && PageCache.dropEntries()
    }

    /// Loads patches with some workers and measures it; worker `w` of `n` takes the patches `w`, `w + n` and so on, each as soon
    /// as it is done with the one before, as a data loader's workers do.
    mutating func sample(_ number: Int, patches: [Patch], by contender: Contender) async throws -> Sample {
        let (source, workers) = (contender.source, contender.workers)
        let work = WorkerQueues(patches, workers: workers)
        let objects = try self.objects(patches, source: source)
        let files = try self.files(objects, source: source)
        try await prepareCache(work, files: files, source: source)
        for worker in 0..<workers { try await loaders[worker].forget() }
        let before = try await CacheSnapshot(files, on: loaders[0].threads.processors)
        let meter = LoadMeter(traffic: set.sources[source].place.store.properties.traffic, log: logs[source])
        let loads = try await load(work, source: source)
        var sample = meter.sample(number, loads: loads)
        sample.files = objects.count
        sample.residentBefore = before.residentShare(of: logs[source].entries)
        sample.excluded = proofs[source].objection(
            resident: sample.residentBefore,
            read: logs[source].distinctBytes,
            fromDisk: sample.diskBytes
        )
        for worker in 0..<workers {
            guard let last = work.positions(of: worker).last else { continue }
            let key = key(number, patch: last)
            try await agreement.check(loaders[worker], patch: patches[last], key: key, source: source)
        }
        return sample
    }

    /// One patch into a worker's array.
    func load(_ patch: Patch, worker: Int, source: Int) async throws {
        let placed = set.sources[source].source
        _ = try await loaders[worker].load(patch, from: placed, products: set.positions[source])
    }

    func sourceName(_ source: Int) -> String { set.sources[source].name }

    /// The ranges of objects that the last load of a source read.
    func lastReads(of source: Int) -> [ReadLog.Entry] { logs[source].entries }

    /// The patches of a round with their checksums, those that were checked.
    func records(_ number: Int, patches: [Patch]) -> [PatchRecord] {
        patches.enumerated().map { position, patch in
            PatchRecord(x: patch.x, y: patch.y, checksums: agreement.summary(key(number, patch: position)))
        }
    }

    // More patches than any round has.
    private func key(_ number: Int, patch: Int) -> Int { number << 20 + patch }

    private func objects(_ patches: [Patch], source: Int) throws -> [String] {
        let placed = set.sources[source].source
        return try Set(
            patches.flatMap { patch in
                try loaders[0].series.windows(of: patch, in: placed.grids).flatMap {
                    try placed.objects($0, products: set.positions[source])
                }
            }
        ).sorted()
    }

    /// The paths, by key, of those objects that the page cache of this machine may hold.
    private func files(_ objects: [String], source: Int) throws -> [String: String] {
        guard let folder = set.sources[source].place.store.properties.folder else { return [:] }
        let paths = objects.map { ($0, FileSystem.join(folder, $0)) }
        return Dictionary(try paths.filter { try FileSystem.exists($0.1) }) { first, _ in first }
    }

    private func load(_ work: WorkerQueues, source: Int) async throws -> WorkerLoads {
        let start = SystemClock.seconds()
        let placed = set.sources[source].source
        let products = set.positions[source]
        return try await withThrowingTaskGroup(of: (Int, [Double], Double).self) { [loaders] group in
            for worker in 0..<work.workers {
                group.addTask {
                    var seconds: [Double] = []
                    for patch in work.patches(of: worker) {
                        seconds.append(try await loaders[worker].load(patch, from: placed, products: products))
                    }
                    return (worker, seconds, SystemClock.seconds() - start)
                }
            }
            var loads = WorkerLoads(workers: work.workers)
            for try await (worker, seconds, end) in group { loads.add(worker, seconds: seconds, end: end) }
            return loads
        }
    }

    private func prepareCache(_ work: WorkerQueues, files: [String: String], source: Int) async throws {
        switch cache {
        case .uncontrolled: break
        case .warm: _ = try await load(work, source: source)
        case .cold:
            let paths = Array(files.values)
            try await loaders[0].threads.processors.forEach(paths.count) { try PageCache.evict(paths[$0]) }
            if dropsEntries { _ = PageCache.dropEntries() }
        }
    }
}

/// Which worker loads which patches of a round.
struct WorkerQueues: Sendable {
    private let patches: [Patch]
    let workers: Int

    init(_ patches: [Patch], workers: Int) {
        self.patches = patches
        self.workers = workers
    }

    func positions(of worker: Int) -> [Int] { Array(stride(from: worker, to: patches.count, by: workers)) }

    func patches(of worker: Int) -> [Patch] { positions(of: worker).map { patches[$0] } }
}

/// What the workers of a round took.
struct WorkerLoads: Sendable {
    private var seconds: [[Double]]
    private var ends: [Double]

    init(workers: Int) {
        seconds = Array(repeating: [], count: workers)
        ends = Array(repeating: 0, count: workers)
    }

    mutating func add(_ worker: Int, seconds: [Double], end: Double) {
        self.seconds[worker] = seconds
        ends[worker] = end
    }

    /// Of the patches in the order of the plan.
    var durations: [Double] {
        let workers = seconds.count
        let count = seconds.reduce(0) { $0 + $1.count }
        return (0..<count).map { seconds[$0 % workers][$0 / workers] }
    }

    var wallClock: Double { ends.max() ?? 0 }

    /// Each worker's patches in the time until its own last one: workers that wait for the end of the round do not count.
    var rate: Double { zip(seconds, ends).reduce(0) { $0 + Double($1.0.count) / $1.1 } }
}
