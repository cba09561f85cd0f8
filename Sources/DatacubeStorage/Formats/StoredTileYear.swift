import Logging

/// What one place holds of a tile-year, or some resolutions of it: what is inspected or opened.
struct StoredTileYear: Sendable {
    let tileYear: TileYear
    /// All data of the format there.
    let store: any ObjectStore
    let resolutions: [Resolution]

    init(_ tileYear: TileYear, in store: any ObjectStore, resolutions: [Resolution] = Resolution.allCases) {
        self.tileYear = tileYear
        self.store = store
        self.resolutions = resolutions
    }
}

/// How what is stored of a tile-year is opened to load patches.
struct SourceOpening: Sendable {
    let data: StoredTileYear
    /// What is done about the indices of tile-parts beside products as delivered.
    let indices: IndexUse
    let executor: BlockingExecutor
    let log: Logger
}
