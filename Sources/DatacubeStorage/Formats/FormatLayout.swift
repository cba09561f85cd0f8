import Logging

/// What lies where in a format's tree, and how it is read.
protocol FormatLayout: Sendable {
    /// What a file is part of, judged by the components of its path below the format's root; nil for what is no part of
    /// the format.
    func place(of path: [Substring]) -> FilePlace?

    /// What the paths of a tile's files begin with; nil where all paths have to be looked at to know.
    func prefix(ofTile tile: String) -> String?

    /// The keys of documents that are of all tiles.
    var commonKeys: [String] { get }

    /// Which tiles and years there are.
    func tileYears(in store: any ObjectStore) throws -> [TileYear]

    /// How many products of a tile-year can be read from there, at all resolutions.
    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int

    /// Opens what there is of a tile-year at some resolutions to load patches.
    ///
    /// `mayWrite` says whether what speeds up later runs may be kept beside the data.
    ///
    /// - Throws: ``PipelineError`` where there is nothing, or nothing that can be read.
    func open(
        _ tileYear: TileYear,
        in store: any ObjectStore,
        resolutions: [Resolution],
        mayWrite: Bool,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource
}

extension FormatLayout {
    var commonKeys: [String] { [] }
}

/// What a file of a format's tree is part of, and what part it plays there.
struct FilePlace: Sendable, Equatable {
    /// nil for what is of all tiles.
    var tile: String?
    /// nil for what is of all years of a tile.
    var year: Int?
    /// Names the part of a tile-year that is of use by itself, a product for instance; nil for what is of all of it.
    var unit: String?
    /// The name of the only resolution that needs the file; nil where it does not matter which are wanted.
    var resolution: String?
    /// Files of a higher rank declare those of lower ranks complete, and are copied after all of them.
    var rank = 0
    /// Whether it declares nothing complete and lies above what several jobs work on, so that each may have to write it.
    var isShared = false
}
