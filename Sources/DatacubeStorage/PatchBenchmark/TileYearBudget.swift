/// What a tile-year in one format takes of a storage: files and their bytes.
public struct TileYearBudget: Codable, Sendable, Equatable {
    /// Files or objects: data, and what describes and lists them.
    public var files: Int
    /// Bytes of all of them.
    public var bytes: Int

    /// Creates a budget.
    public init(files: Int, bytes: Int) {
        self.files = files
        self.bytes = bytes
    }

    /// Counts what a store holds of a tile-year, whether it is complete or not.
    ///
    /// Documents above several tile-years are not counted. Only names and sizes are looked at, and only those of the
    /// tile-year where the format keeps it in a place of its own.
    public static func measure(
        of format: DataFormat,
        in store: any ObjectStore,
        tileYear: TileYear,
        on executor: BlockingExecutor
    ) async throws -> TileYearBudget {
        try await executor.run {
            try format.layout.prefixes(of: tileYear, in: store).reduce(into: TileYearBudget(files: 0, bytes: 0)) {
                for entry in try store.list($1) where format.place(of: entry.key)?.tileYear == tileYear {
                    $0.files += 1
                    $0.bytes += entry.size
                }
            }
        }
    }
}

extension StorageQuota {
    /// How many such tile-years fit into an empty storage; nil where no limit is known.
    public func tileYears(of one: TileYearBudget) -> Int? {
        [(files, one.files), (bytes, one.bytes)].compactMap { limit, need in
            limit.flatMap { need > 0 ? $0 / need : nil }
        }.min()
    }
}
