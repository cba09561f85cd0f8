/// Where the GeoTIFFs of a product lie below the folder of all of them:
/// `<35>/<V>/<LH>/<YYYY>/<M>/<product without .SAFE>/<10m|20m|60m>.tif`, its two metadata files beside them.
public struct COGLayout: Sendable {
    /// The folder of all GeoTIFFs.
    public let root: String

    /// Names the folder.
    public init(root: String) { self.root = root }

    /// The names of all files of a finished product.
    public static let fileNames =
        Resolution.allCases.map { "\($0.name).tif" } + ["MTD_MSIL1C.xml", "MTD_TL.xml"]

    /// The folder of one tile in one year below the root, months below it.
    static func key(of tileYear: TileYear) -> String {
        "\(key(ofTile: tileYear.tile))/\(tileYear.year)"
    }

    /// The folder of one tile below the root, years below it.
    static func key(ofTile tile: String) -> String {
        "\(tile.prefix(2))/\(tile.dropFirst(2).prefix(1))/\(tile.dropFirst(3))"
    }

    /// The folder of one product below the root.
    static func key(of name: ProductName) -> String {
        let tileYear = TileYear(tile: name.tile, year: name.year)
        return "\(key(of: tileYear))/\(name.month)/\(name.identifier)"
    }

    /// The folder of one tile in one year, months below it.
    public func folder(of tileYear: TileYear) -> String { "\(root)/\(COGLayout.key(of: tileYear))" }

    /// The folder of one product.
    public func folder(of name: ProductName) -> String { "\(root)/\(COGLayout.key(of: name))" }

    /// The GeoTIFF of a product at one resolution.
    public func file(of name: ProductName, _ resolution: Resolution) -> String {
        "\(folder(of: name))/\(resolution.name).tif"
    }

    /// The products of one tile-year in a store that have all files of those resolutions, sorted by name.
    public static func products(
        of tileYear: TileYear,
        in store: any ObjectStore,
        _ resolutions: [Resolution] = Resolution.allCases
    ) throws -> [ProductName] {
        let unneeded = Resolution.allCases.filter { !resolutions.contains($0) }.map { "\($0.name).tif" }
        let needed = Set(fileNames).subtracting(unneeded)
        let files = Dictionary(grouping: try store.list(key(of: tileYear) + "/")) { FileSystem.parent(of: $0.key) }
        let complete = files.filter { _, files in
            Set(files.map { FileSystem.name(of: $0.key) }).isSuperset(of: needed)
        }
        return complete.keys.compactMap { try? ProductName(FileSystem.name(of: $0)) }
            .sorted { ($0.datatakeStart, $0.identifier) < ($1.datatakeStart, $1.identifier) }
    }
}
