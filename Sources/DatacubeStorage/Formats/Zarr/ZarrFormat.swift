import Logging

extension DataFormat {
    /// One Zarr v3 array for each tile, year and resolution, its chunks large and a file each.
    public static let zarr = DataFormat(
        "zarr",
        summary: "large chunks, a file each",
        origin: .safe2zarr,
        layout: ZarrLayout(chunks: ZarrLayout.ownFiles)
    )
}

/// Zarr groups below the folder of all of them: `<tile>/<year>/<10m|20m|60m>`, with the array `data`.
struct ZarrLayout: CubeLayout {
    let chunks: CubeChunks

    /// The seed layout's chunks, a file each: ten dates, all bands, 512 x 512 pixels.
    static let ownFiles = CubeChunks(defaultPixels: 512) { dates, pixels, codecs in
        CubeSchema.Chunking(dates: dates, pixels: pixels, codecs: codecs)
    }

    /// Jobs of an array write groups above cubes at the same time; their documents declare nothing complete.
    private static func isAboveCubes(_ path: [Substring]) -> Bool {
        path.count <= 3 && path.last.map { $0 == MetadataDocument.name } ?? false
    }

    func place(of path: [Substring]) -> FilePlace? {
        let isShared = Self.isAboveCubes(path)
        guard let tile = path.first, path.count > 1 else { return FilePlace(isShared: isShared) }
        let isDocument = path.last.map { $0 == MetadataDocument.name } ?? false
        let resolution = path.count > 3 ? String(path[2]) : nil
        return FilePlace(
            tile: String(tile),
            year: Int(path[1]),
            unit: resolution,
            resolution: resolution,
            // Arrays before the groups that hold them: the deeper, the earlier; inventories before all of these.
            rank: isDocument && !isShared ? max(2, 10 - path.count) : path.last == Inventory.fileName[...] ? 1 : 0,
            isOptional: path.count > 5 && path[4] == "c",
            isShared: isShared
        )
    }

    func prefix(ofTile tile: String) -> String? { tile + "/" }

    var commonKeys: [String] { [MetadataDocument.name] }

    func tileYears(in store: any ObjectStore) throws -> [TileYear] {
        try store.children(of: "").filter { MGRSTile.isName($0) }.flatMap { tile in
            try store.children(of: "\(tile)/").compactMap { Int($0) }.map { TileYear(tile: tile, year: $0) }
        }
    }

    func cubes(of tileYear: TileYear, in store: any ObjectStore) -> CubePlace? {
        CubePlace(store: store, path: "\(tileYear)")
    }

    func conversion(
        of tileYear: TileYear,
        chunking: CubeSchema.Chunking,
        replaces: Bool,
        in store: any ObjectStore,
        under lock: TargetLock
    ) throws -> any CubeConversion {
        let place = CubePlace(store: store.locked(by: lock), path: "\(tileYear)")
        if replaces { return try CubeReplacement(of: place, chunking: chunking, under: lock) }
        try GatheredChanges(under: lock).discard()
        return ConversionInPlace(place: place)
    }

    func completeReplacement(
        of tileYear: TileYear,
        in store: any ObjectStore,
        under lock: TargetLock,
        on executor: BlockingExecutor
    ) async throws {
        try await CubeReplacement.complete(in: store.locked(by: lock), under: lock, on: executor)
    }

    func level(of tileYear: TileYear) -> String { "\(tileYear)" }
}

/// Chunks are written where they stay, so that there is nothing to finish.
private struct ConversionInPlace: CubeConversion {
    let place: CubePlace
}
