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
    /// The names of all files of a finished product, what declares the others complete last.
    static let fileNames = imageNames + [Inventory.fileName] + metadataNames
    private static let imageNames = Resolution.allCases.map(fileName)
    /// The metadata files, which declare the others complete.
    static let metadataNames = ["MTD_TL.xml", "MTD_MSIL1C.xml"]

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

    /// Where the inventory of a product is.
    static func inventory(of name: ProductName, in store: any ObjectStore) -> InventoryPlace {
        InventoryPlace(store, unit: key(of: name))
    }

    func mayHave(_ name: String) -> Bool { Self.fileNames.contains(name) }

    func place(of path: [Substring]) -> FilePlace? {
        guard path.count >= 4, let year = Int(path[3]), let file = path.last else { return nil }
        return FilePlace(
            tile: String(path[0] + path[1] + path[2]),
            year: year,
            unit: path.count > 5 ? String(path[5]) : nil,
            resolution: file.hasSuffix(".tif") ? String(file.dropLast(4)) : nil,
            rank: file == "MTD_MSIL1C.xml" ? 2 : file == Inventory.fileName ? 1 : 0
        )
    }

    func prefix(ofTile tile: String) -> String? { Self.key(ofTile: tile) + "/" }

    func prefixes(of tileYear: TileYear, in store: any ObjectStore) -> [String] { [Self.key(of: tileYear) + "/"] }

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

    /// All that lies in products' folders counts, so that a product which lacks a file is not passed over.
    func reports(by inspection: UnitInspection) async throws -> [UnitReport] {
        let data = inspection.data
        let folders = try await inspection.executor.run {
            Set(try data.store.list(Self.key(of: data.tileYear) + "/").map { FileSystem.parent(of: $0.key) })
        }
        var reports: [UnitReport] = []
        for folder in folders.sorted() {
            let place = InventoryPlace(data.store, unit: folder)
            guard let report = try await inspection.report(on: place) else { continue }
            // What was staged of some resolutions has the images of these alone.
            let others = Set(Resolution.allCases).subtracting(data.resolutions).map(Self.fileName)
            reports.append(report.without(missing: Set(others)))
        }
        return reports
    }

    /// The products of which there are any files, or at least a folder, sorted by name.
    static func begunProducts(of tileYear: TileYear, in store: any ObjectStore) throws -> [ProductName] {
        let year = key(of: tileYear) + "/"
        let names = try store.children(of: year).flatMap { try store.children(of: "\(year)\($0)/") }
        return names.compactMap { try? ProductName($0) }.sorted { $0.identifier < $1.identifier }
    }

    func open(_ opening: SourceOpening) async throws -> any PatchSource {
        try await COGSource.open(opening.data, on: opening.executor)
    }
}
