/// Which tiles and years to work on; an empty list means all.
public struct TileYearFilter: Sendable {
    /// MGRS tiles.
    public var tiles: [String]
    /// UTC years.
    public var years: [Int]

    /// Creates a filter.
    public init(tiles: [String] = [], years: [Int] = []) {
        self.tiles = tiles
        self.years = years
    }

    /// Everything.
    public static let all = TileYearFilter()

    /// Only this one.
    init(only tileYear: TileYear) { self.init(tiles: [tileYear.tile], years: [tileYear.year]) }

    /// Whether everything passes.
    var admitsAll: Bool { tiles.isEmpty && years.isEmpty }

    /// Whether what belongs to a tile and a year passes; nil stands for all tiles, or for all years of the tile.
    func admits(tile: String?, year: Int?) -> Bool {
        guard let tile else { return admitsAll }
        return (tiles.isEmpty || tiles.contains(tile)) && (years.isEmpty || year.map(years.contains) ?? true)
    }

    /// Whether a tile-year passes.
    func admits(_ tileYear: TileYear) -> Bool { admits(tile: tileYear.tile, year: tileYear.year) }

    /// The tile-years that are named by both tile and year.
    var named: [TileYear] { tiles.flatMap { tile in years.map { TileYear(tile: tile, year: $0) } } }
}
