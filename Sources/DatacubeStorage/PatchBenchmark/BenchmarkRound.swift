import Synchronization

/// Takes samples: prepares the page cache, loads with all workers at once, and checks what came.
struct BenchmarkRound {
    private let cache: CacheState
    private let set: SourceSet
    private let loaders: [PatchLoader]
    private var agreement: PatchAgreement

    init(_ settings: BenchmarkJob.Settings, _ set: SourceSet) throws {
        cache = settings.cache
        self.set = set
        loaders = try (0..<settings.workers).map { _ in
            try PatchLoader(threads: settings.threads, dates: set.identifiers.count, patchSize: settings.patchSize)
        }
        agreement = PatchAgreement(set)
    }

    /// Loads one patch with each worker and measures it.
    mutating func sample(_ number: Int, _ patches: [Patch], source: Int) async throws -> Sample {
        let files = try self.files(patches, source)
        try await prepareCache(patches, files, source)
        let resident = try await residentShare(files)
        let before = ReadCounters.current()
        let start = Clock.seconds()
        let durations = try await load(patches, source)
        let wallClock = Clock.seconds() - start
        let read = ReadCounters.current().flatMap { after in before.map { after - $0 } }
        for (worker, patch) in patches.enumerated() {
            try await agreement.check(loaders[worker], patch, key: key(number, worker), source: source)
        }
        return Sample(
            round: number,
            durations: durations,
            wallClock: wallClock,
            files: files.count,
            residentBefore: resident,
            bytesRead: read?.bytes,
            readCalls: read?.calls,
            diskBytes: read?.diskBytes
        )
    }

    /// The patches of a round with their checksums.
    func records(_ number: Int, _ patches: [Patch]) -> [PatchRecord] {
        patches.enumerated().map { worker, patch in
            PatchRecord(x: patch.x, y: patch.y, checksums: agreement.summary(key(number, worker)))
        }
    }

    private func key(_ number: Int, _ worker: Int) -> Int { number * loaders.count + worker }

    private func files(_ patches: [Patch], _ source: Int) throws -> [String] {
        Set(try patches.flatMap { try set.sources[source].files($0, products: set.positions[source]) }).sorted()
    }

    private func load(_ patches: [Patch], _ source: Int) async throws -> [Double] {
        if patches.count == 1 { return [try await load(patches[0], worker: 0, source)] }
        return try await withThrowingTaskGroup(of: (Int, Double).self) { group in
            for (worker, patch) in patches.enumerated() {
                group.addTask { [self] in (worker, try await load(patch, worker: worker, source)) }
            }
            return try await group.reduce(into: [Double](repeating: 0, count: patches.count)) { $0[$1.0] = $1.1 }
        }
    }

    private func load(_ patch: Patch, worker: Int, _ source: Int) async throws -> Double {
        try await loaders[worker].load(patch, from: set.sources[source], products: set.positions[source])
    }

    private func prepareCache(_ patches: [Patch], _ files: [String], _ source: Int) async throws {
        switch cache {
        case .uncontrolled: break
        case .warm: _ = try await load(patches, source)
        case .cold: try await loaders[0].executor.forEach(files.count) { try PageCache.evict(files[$0]) }
        }
    }

    private func residentShare(_ files: [String]) async throws -> Double {
        let pages = Mutex((resident: 0, total: 0))
        try await loaders[0].executor.forEach(files.count) { number in
            let found = try PageCache.residency(files[number])
            pages.withLock { $0 = ($0.resident + found.resident, $0.total + found.total) }
        }
        let (resident, total) = pages.withLock { $0 }
        return total > 0 ? Double(resident) / Double(total) : 0
    }
}
