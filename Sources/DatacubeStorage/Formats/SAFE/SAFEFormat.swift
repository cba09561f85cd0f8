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
            // The manifest names the metadata too.
            rank: file == "manifest.safe" ? 2 : file == "MTD_MSIL1C.xml" ? 1 : 0
        )
    }

    func prefix(ofTile tile: String) -> String? { nil }

    /// Those of the products, and of what lies beside them under their names.
    func prefixes(of tileYear: TileYear, in store: any ObjectStore) throws -> [String] {
        // Only folders tell where products are without a look into them.
        guard store.properties.folder != nil else { return [""] }
        let products = try ProductFolder(store, filter: TileYearFilter(only: tileYear)).products[tileYear] ?? []
        return products.map(\.key)
    }

    func tileYears(in store: any ObjectStore) throws -> [TileYear] { try ProductFolder(store).products.keys.sorted() }

    func productCount(of tileYear: TileYear, in store: any ObjectStore) throws -> Int {
        try ProductFolder(store, filter: TileYearFilter(only: tileYear)).products[tileYear]?.count ?? 0
    }

    func files(listedBy path: String, in store: any ObjectStore) throws -> ListedFiles? {
        guard FileSystem.name(of: path) == ProductManifest.path else { return nil }
        return try SAFEProduct(store, key: FileSystem.parent(of: path)).listedFiles()
    }

    func reports(by inspection: UnitInspection) async throws -> [UnitReport] {
        var reports: [UnitReport] = []
        for product in try await products(of: inspection.data, on: inspection.executor) {
            do {
                let difference = try await product.difference(
                    by: inspection.verification,
                    on: inspection.executor,
                    onRead: inspection.onRead
                )
                reports.append(UnitReport(product.path, difference: difference))
            } catch let error as PipelineError {
                reports.append(UnitReport(product.path, reason: error.message))
            }
        }
        return reports
    }

    func open(_ opening: SourceOpening) async throws -> any PatchSource {
        let (data, executor, log) = (opening.data, opening.executor, opening.log)
        let products = try await TileYearProducts.read(
            products(of: data, on: executor),
            indices: opening.indices,
            on: executor,
            log: log
        ).inOnePlace(on: executor, log: log)
        for failure in products.failures { log.warning("\(data.store): \(failure)") }
        return try SAFESource(products, of: data, keepsTileParts: opening.indices != .ignore)
    }

    private func products(of data: StoredTileYear, on executor: BlockingExecutor) async throws -> [SAFEProduct] {
        try await executor.run {
            try ProductFolder(data.store, filter: TileYearFilter(only: data.tileYear)).products[data.tileYear] ?? []
        }
    }
}
