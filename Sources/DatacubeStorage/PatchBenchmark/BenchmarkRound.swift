import Synchronization

/// Takes samples: prepares the page cache, loads with all workers at once, and checks what came.
struct BenchmarkRound {
    private let cache: CacheState
    private let set: SourceSet
    private let loaders: [PatchLoader]
    private var agreement: PatchAgreement

    init(_ settings: BenchmarkJob.Settings, set: SourceSet) throws {
        cache = settings.cache
        self.set = set
        loaders = try (0..<settings.workers).map { _ in
            try PatchLoader(threads: settings.threads, dates: set.identifiers.count, patchSize: settings.patchSize)
        }
        agreement = PatchAgreement(set)
    }

    /// Loads one patch with each worker and measures it.
    mutating func sample(_ number: Int, patches: [Patch], source: Int) async throws -> Sample {
        let placed = set.sources[source]
        let objects = try self.objects(patches, source: source)
        let files = try self.files(objects, source: source)
        try await prepareCache(patches, files: files, source: source)
        for worker in patches.indices { try await loaders[worker].forget() }
        let resident = try await residentShare(files)
        let traffic = placed.place.store.properties.traffic
        let (before, sent) = (ReadCounters.current(), traffic?.counts)
        let start = SystemClock.seconds()
        let durations = try await load(patches, source: source)
        let wallClock = SystemClock.seconds() - start
        let read = ReadCounters.current().flatMap { after in before.map { after - $0 } }
        let transfers = traffic.flatMap { traffic in sent.map { traffic.counts - $0 } }
        for (worker, patch) in patches.enumerated() {
            try await agreement.check(loaders[worker], patch: patch, key: key(number, worker: worker), source: source)
        }
        // What comes over the network is read by socket calls, which the kernel counts like those on files.
        return Sample(
            round: number,
            durations: durations,
            wallClock: wallClock,
            files: objects.count,
            residentBefore: resident,
            bytesRead: transfers?.bytesReceived ?? read?.bytes,
            readCalls: transfers?.requests ?? read?.calls,
            diskBytes: transfers == nil ? read?.diskBytes : nil,
            retries: transfers?.retries
        )
    }

    /// The patches of a round with their checksums.
    func records(_ number: Int, patches: [Patch]) -> [PatchRecord] {
        patches.enumerated().map { worker, patch in
            PatchRecord(x: patch.x, y: patch.y, checksums: agreement.summary(key(number, worker: worker)))
        }
    }

    private func key(_ number: Int, worker: Int) -> Int { number * loaders.count + worker }

    private func objects(_ patches: [Patch], source: Int) throws -> [String] {
        let placed = set.sources[source].source
        return try Set(
            zip(patches, loaders).flatMap { patch, loader in
                try loader.series.windows(of: patch, in: placed.grids).flatMap {
                    try placed.objects($0, products: set.positions[source])
                }
            }
        ).sorted()
    }

    /// The paths of those objects that the page cache of this machine may hold.
    private func files(_ objects: [String], source: Int) throws -> [String] {
        guard let folder = set.sources[source].place.store.properties.folder else { return [] }
        return try objects.map { FileSystem.join(folder, $0) }.filter { try FileSystem.exists($0) }
    }

    private func load(_ patches: [Patch], source: Int) async throws -> [Double] {
        if patches.count == 1 { return [try await load(patches[0], worker: 0, source: source)] }
        return try await withThrowingTaskGroup(of: (Int, Double).self) { group in
            for (worker, patch) in patches.enumerated() {
                group.addTask { [self] in (worker, try await load(patch, worker: worker, source: source)) }
            }
            return try await group.reduce(into: [Double](repeating: 0, count: patches.count)) { $0[$1.0] = $1.1 }
        }
    }

    private func load(_ patch: Patch, worker: Int, source: Int) async throws -> Double {
        try await loaders[worker].load(patch, from: set.sources[source].source, products: set.positions[source])
    }

    private func prepareCache(_ patches: [Patch], files: [String], source: Int) async throws {
        switch cache {
        case .uncontrolled: break
        case .warm: _ = try await load(patches, source: source)
        case .cold: try await loaders[0].threads.processors.forEach(files.count) { try PageCache.evict(files[$0]) }
        }
    }

    private func residentShare(_ files: [String]) async throws -> Double? {
        guard !files.isEmpty else { return nil }
        let pages = Mutex((resident: 0, total: 0))
        try await loaders[0].threads.processors.forEach(files.count) { number in
            let found = try PageCache.residency(files[number])
            pages.withLock { $0 = ($0.resident + found.resident, $0.total + found.total) }
        }
        let (resident, total) = pages.withLock { $0 }
        return total > 0 ? Double(resident) / Double(total) : 0
    }
}
