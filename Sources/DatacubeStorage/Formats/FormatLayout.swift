/// What lies where in a format's tree, and how it is read.
protocol FormatLayout: Sendable {
    /// What a file is part of, judged by the components of its path below the format's root; nil for what is no part of
    /// the format.
    func place(of path: [Substring]) -> FilePlace?

    /// What the paths of a tile's files begin with; nil where all paths have to be looked at to know.
    func prefix(ofTile tile: String) -> String?

    /// What the paths of a tile-year's files begin with, and as few others as can be without looking at all of the store.
    func prefixes(of tileYear: TileYear, in store: any ObjectStore) throws -> [String]

    /// The keys of documents that are of all tiles.
    var commonKeys: [String] { get }

    /// Which tiles and years there are.
    func tileYears(in store: any ObjectStore) throws -> [TileYear]

    /// How many products of a tile-year can be read from there, at all resolutions.
    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int

    /// Compares the files of a tile-year with what lists them, unit by unit.
    func reports(by inspection: UnitInspection) async throws -> [UnitReport]

    /// The files that a file lists which is no inventory; nil where it is no list.
    func files(listedBy path: String, in store: any ObjectStore) throws -> ListedFiles?

    /// Whether a unit of the format may have a file of that name, which is the path below the unit.
    func mayHave(_ name: String) -> Bool

    /// Opens what there is of a tile-year at some resolutions to load patches.
    ///
    /// - Throws: ``PipelineError`` where there is nothing, or nothing that can be read.
    func open(_ opening: SourceOpening) async throws -> any PatchSource
}

extension FormatLayout {
    var commonKeys: [String] { [] }

    func files(listedBy path: String, in store: any ObjectStore) throws -> ListedFiles? { nil }

    func mayHave(_ name: String) -> Bool { true }
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
    /// Whether that there is no such file says something of the data too, as with chunks: there are no pixels.
    var isOptional = false
    /// Whether it declares nothing complete and lies above what several jobs work on, so that each may have to write it.
    var isShared = false

    /// nil for what is not of a single one.
    var tileYear: TileYear? { tile.flatMap { tile in year.map { TileYear(tile: tile, year: $0) } } }
}
