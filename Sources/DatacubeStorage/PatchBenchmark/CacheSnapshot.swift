import Synchronization

/// Which pages of some files were in memory before a load.
struct CacheSnapshot: Sendable {
    private let files: [String: FileResidency]

    /// Looks at the files, by key; a byte for each of their pages.
    init(_ paths: [String: String], on executor: BlockingExecutor) async throws {
        let keys = Array(paths.keys)
        let found = Mutex<[String: FileResidency]>([:])
        try await executor.forEach(keys.count) { number in
            let key = keys[number]
            guard let path = paths[key] else { return }
            let residency = try PageCache.residency(path)
            found.withLock { $0[key] = residency }
        }
        files = found.withLock { $0 }
    }

    /// Share of the pages that were read which were in memory; nil where none is of these files.
    func residentShare(of reads: [ReadLog.Entry]) -> Double? {
        guard !files.isEmpty else { return nil }
        var (resident, total) = (0, 0)
        for read in reads {
            guard let pages = files[read.key]?.count(read.range) else { continue }
            resident += pages.resident
            total += pages.total
        }
        return total > 0 ? Double(resident) / Double(total) : 0
    }
}
