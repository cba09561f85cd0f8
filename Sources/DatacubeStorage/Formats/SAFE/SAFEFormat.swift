import Logging

extension DataFormat {
    /// Products as delivered.
    public static let safe = DataFormat(
        "safe",
        summary: "products as delivered",
        origin: .intake,
        layout: SAFELayout()
    )
}

/// Products in folders of any depth, `…/<product>.SAFE/…`; beside each may lie the index of its tile-parts.
struct SAFELayout: FormatLayout {
    func place(of path: [Substring]) -> FilePlace? {
        let names = path.map { $0.replacing(SAFEProduct.tilePartsEnding, with: "") }
        guard let folder = names.first(where: { $0.hasSuffix(".SAFE") }), let name = try? ProductName(String(folder)),
            let file = path.last
        else { return nil }
        let band = path.contains("IMG_DATA") ? Band.allCases.first { file.hasSuffix("_\($0.name).jp2") } : nil
        return FilePlace(
            tile: name.tile,
            year: name.year,
            unit: name.identifier,
            resolution: band?.resolution.name,
            rank: ["MTD_MSIL1C.xml", "manifest.safe"].contains(file) ? 1 : 0
        )
    }

    func prefix(ofTile tile: String) -> String? { nil }

    func tileYears(in store: any ObjectStore) throws -> [TileYear] { try ProductFolder(store).products.keys.sorted() }

    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int {
        try ProductFolder(store, filter: TileYearFilter(only: tileYear)).products[tileYear]?.count ?? 0
    }

    func open(
        _ tileYear: TileYear,
        in store: any ObjectStore,
        resolutions: [Resolution],
        mayWrite: Bool,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        let folder = try await executor.run { try ProductFolder(store, filter: TileYearFilter(only: tileYear)) }
        let products = try await TileYearProducts.read(
            folder.products[tileYear] ?? [],
            keepsIndices: mayWrite,
            on: executor,
            log: log
        ).inOnePlace()
        for failure in products.failures { log.warning("\(store): \(failure)") }
        return try SAFESource(products.products, in: store, resolutions: resolutions)
    }
}
