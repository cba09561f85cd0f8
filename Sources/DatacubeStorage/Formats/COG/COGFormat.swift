import Logging

extension DataFormat {
    /// One cloud-optimised GeoTIFF for each product and resolution.
    public static let cog = DataFormat(
        "cog",
        summary: "cloud-optimised GeoTIFFs",
        variableName: "COGS",
        origin: .safe2cog,
        layout: COGLayout()
    )
}

/// Where the GeoTIFFs of a product lie below the folder of all of them:
/// `<35>/<V>/<LH>/<YYYY>/<M>/<product without .SAFE>/<10m|20m|60m>.tif`, its two metadata files beside them.
struct COGLayout: FormatLayout {
    /// The names of all files of a finished product.
    static let fileNames = Resolution.allCases.map(fileName) + metadataNames
    /// The metadata files, which declare the others complete.
    static let metadataNames = ["MTD_MSIL1C.xml", "MTD_TL.xml"]

    /// The GeoTIFF of one resolution.
    static func fileName(_ resolution: Resolution) -> String { "\(resolution.name).tif" }

    /// The folder of one tile, years below it.
    static func key(ofTile tile: String) -> String {
        "\(tile.prefix(2))/\(tile.dropFirst(2).prefix(1))/\(tile.dropFirst(3))"
    }

    /// The folder of one tile in one year, months below it.
    static func key(of tileYear: TileYear) -> String { "\(key(ofTile: tileYear.tile))/\(tileYear.year)" }

    /// The folder of one product.
    static func key(of name: ProductName) -> String { "\(key(of: name.tileYear))/\(name.month)/\(name.identifier)" }

    /// The GeoTIFF of a product at one resolution.
    static func key(of name: ProductName, _ resolution: Resolution) -> String {
        "\(key(of: name))/\(fileName(resolution))"
    }

    func place(of path: [Substring]) -> FilePlace? {
        guard path.count >= 4, let year = Int(path[3]), let file = path.last else { return nil }
        return FilePlace(
            tile: String(path[0] + path[1] + path[2]),
            year: year,
            unit: path.count > 5 ? String(path[5]) : nil,
            resolution: file.hasSuffix(".tif") ? String(file.dropLast(4)) : nil,
            rank: file == "MTD_MSIL1C.xml" ? 1 : 0
        )
    }

    func prefix(ofTile tile: String) -> String? { Self.key(ofTile: tile) + "/" }

    func tileYears(in store: any ObjectStore) throws -> [TileYear] {
        try store.children(of: "").flatMap { zone in
            try store.children(of: "\(zone)/").flatMap { band in
                try store.children(of: "\(zone)/\(band)/").flatMap { square in
                    try store.children(of: "\(zone)/\(band)/\(square)/").compactMap { Int($0) }.map {
                        TileYear(tile: zone + band + square, year: $0)
                    }
                }
            }
        }
    }

    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int {
        try Self.products(of: tileYear, in: store).count
    }

    /// The products of one tile-year that have all files of those resolutions, sorted by name.
    static func products(
        of tileYear: TileYear,
        in store: any ObjectStore,
        resolutions: [Resolution] = Resolution.allCases
    ) throws -> [ProductName] {
        let needed = Set(resolutions.map(fileName) + metadataNames)
        let files = Dictionary(grouping: try store.list(key(of: tileYear) + "/")) { FileSystem.parent(of: $0.key) }
        let complete = files.filter { _, files in
            Set(files.map { FileSystem.name(of: $0.key) }).isSuperset(of: needed)
        }
        return complete.keys.compactMap { try? ProductName(FileSystem.name(of: $0)) }
            .sorted { ($0.datatakeStart, $0.identifier) < ($1.datatakeStart, $1.identifier) }
    }

    func open(
        _ tileYear: TileYear,
        in store: any ObjectStore,
        resolutions: [Resolution],
        mayWrite: Bool,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        try await COGSource.open(tileYear, in: store, resolutions: resolutions, on: executor)
    }
}
