extension StorageBudget {
    /// Counts what each format's tile-year takes on each storage.
    static func measure(
        _ set: SourceSet,
        quotas: [Storage: StorageQuota],
        on threads: PatchThreads
    ) async throws -> [StorageBudget] {
        var budgets: [StorageBudget] = []
        for place in set.sources.map(\.place) where !place.ignoresIndex {
            let takes = try await TileYearBudget.measure(
                of: place.format,
                in: place.store,
                tileYear: set.tileYear,
                on: threads.executor(for: place.store)
            )
            budgets.append(
                StorageBudget(
                    storage: place.storage.rawValue,
                    format: place.format.name,
                    takes: takes,
                    quota: quotas[place.storage]
                )
            )
        }
        return budgets
    }
}
