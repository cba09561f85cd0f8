/// A part of the working set that is of use by itself: one resolution of a tile-year in Zarr, one product else.
///
/// Units are staged one after the other, tile-year by tile-year in the order in which they were asked for, so that a run
/// that has to stop has not copied a little of everything.
struct StagingUnit: Comparable {
    private let tileOrder: Int
    private let yearOrder: Int
    private let name: String

    /// - Parameters:
    ///   - path: Of a file, relative to the format's root.
    ///   - tree: The format's place among those asked for.
    ///   - format: The format.
    ///   - filter: Tiles and years in the order asked for.
    init(of path: String, tree: Int, _ format: DataFormat, _ filter: TileYearFilter) {
        let parts = FileSystem.components(of: path).map(String.init)
        let (tile, year, part) = StagingUnit.place(parts, format)
        let isAboveCubes = format.isZarr && ZarrLayout.isAboveCubes(parts)
        // The groups above the cubes come first: with them each cube can be found as soon as it is there.
        guard !isAboveCubes else {
            (tileOrder, yearOrder, name) = (-1, -1, String(tree))
            return
        }
        // What belongs to no tile, or to no year of it, says something of all of them and comes last.
        tileOrder = tile.map { filter.tiles.firstIndex(of: $0) ?? 0 } ?? .max
        yearOrder = year.map { filter.years.firstIndex(of: $0) ?? 0 } ?? .max
        name = [tile ?? "~", year.map(String.init) ?? "~", String(tree), part].joined(separator: "/")
    }

    private static func place(_ parts: [String], _ format: DataFormat) -> (tile: String?, year: Int?, part: String) {
        switch format {
        case .safe:
            let folder = parts.first { $0.contains(".SAFE") } ?? ""
            // The index of tile-parts beside a product goes with it.
            let identifier = folder.replacing(SAFEProduct.tilePartsEnding, with: "")
            let product = try? ProductName(identifier)
            return (product?.tile, product?.year, identifier)
        case .cog:
            guard parts.count > 5 else { return (nil, nil, "") }
            return (parts[0] + parts[1] + parts[2], Int(parts[3]), parts[5])
        case .zarr, .shardzarr:
            guard parts.count > 1 else { return (nil, nil, "") }
            return (parts[0], Int(parts[1]), parts.count > 3 ? parts[2] : "~")
        }
    }

    static func < (one: StagingUnit, other: StagingUnit) -> Bool {
        (one.tileOrder, one.yearOrder, one.name) < (other.tileOrder, other.yearOrder, other.name)
    }
}
