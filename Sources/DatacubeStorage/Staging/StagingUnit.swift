/// A part of the working set that is of use by itself: one resolution of a tile-year in Zarr, one product else.
///
/// Units are staged one after the other, tile-year by tile-year in the order in which they were asked for, so that a run
/// that has to stop has not copied a little of everything.
struct StagingUnit: Comparable, Hashable {
    /// nil for what is not of a single one.
    let tileYear: TileYear?
    private let tileOrder: Int
    private let yearOrder: Int
    private let name: String

    /// - Parameters:
    ///   - path: Of a file, relative to the format's root.
    ///   - tree: The format's place among those asked for.
    ///   - format: The format.
    ///   - filter: Tiles and years in the order asked for.
    init(of path: String, tree: Int, format: DataFormat, filter: TileYearFilter) {
        let place = format.place(of: path) ?? FilePlace()
        // What is shared comes first: with the groups above it each cube can be found as soon as it is there.
        guard !place.isShared else {
            (tileOrder, yearOrder, name, tileYear) = (-1, -1, String(tree), nil)
            return
        }
        // What belongs to no tile, or to no year of it, says something of all of them and comes last.
        tileOrder = place.tile.map { filter.tiles.firstIndex(of: $0) ?? 0 } ?? .max
        yearOrder = place.year.map { filter.years.firstIndex(of: $0) ?? 0 } ?? .max
        tileYear = place.tileYear
        let parts = [place.tile, place.year.map(String.init), String(tree), place.unit]
        name = parts.map { $0 ?? "~" }.joined(separator: "/")
    }

    static func < (one: StagingUnit, other: StagingUnit) -> Bool {
        (one.tileOrder, one.yearOrder, one.name) < (other.tileOrder, other.yearOrder, other.name)
    }
}
