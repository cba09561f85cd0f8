import Synchronization

/// Cloud-optimised GeoTIFFs, one for each product and resolution.
struct COGSource: PatchSource {
    let store: any ObjectStore
    let names: [ProductName]
    let resolutions: [Resolution]
    let geocoding: TileGeocoding
    let strays: [String]
    let images: [[Resolution: GeoTIFFImage]]

    var identifiers: [String] { names.map(\.identifier) }

    /// Reads the headers of all files, in parallel.
    static func open(_ data: StoredTileYear, on executor: BlockingExecutor) async throws -> COGSource {
        let (tileYear, store, resolutions) = (data.tileYear, data.store, data.resolutions)
        let products = try await executor.run {
            try COGLayout.products(of: tileYear, in: store, resolutions: resolutions)
        }
        guard !products.isEmpty else {
            throw PipelineError(.notFound, "\(store) has no finished product of \(tileYear); run safe2cog first")
        }
        let opened = Mutex([[Resolution: GeoTIFFImage]](repeating: [:], count: products.count))
        try await executor.forEach(products.count * resolutions.count) { number in
            let (product, rest) = number.quotientAndRemainder(dividingBy: resolutions.count)
            let resolution = resolutions[rest]
            let image = try GeoTIFFImage(store, key: COGLayout.key(of: products[product], resolution))
            guard image.bands == resolution.bands.count else {
                throw PipelineError(.mismatch, "\(image.path) has \(image.bands) bands; convert the product again")
            }
            opened.withLock { $0[product][resolution] = image }
        }
        let images = opened.withLock { $0 }
        let place = try COGPlace(of: images)
        return COGSource(
            store: store,
            names: products,
            resolutions: resolutions,
            geocoding: place.geocoding,
            strays: place.strays,
            images: images
        )
    }

    func reading(_ windows: [PatchWindow], products: [Int], threads: Int) throws -> PatchReading {
        PatchReading {
            windows.flatMap { announcements(of: $0, products: products) }
                + windows.flatMap { pieces(of: $0, products: products) }
        }
    }

    private func announcements(of part: PatchWindow, products: [Int]) -> [PatchReading.Piece] {
        guard store.properties.takesAnnouncements else { return [] }
        return products.compactMap { images[$0][part.resolution] }.map { image in
            { try image.announce(part.window) }
        }
    }

    private func pieces(of part: PatchWindow, products: [Int]) -> [PatchReading.Piece] {
        let count = part.pixelsOfDate
        return products.enumerated().compactMap { date, product in
            guard let image = images[product][part.resolution] else { return nil }
            return {
                try unsafe part.pixels.withPixels((date * count)..<((date + 1) * count)) {
                    try unsafe image.decode(part.window, bands: part.bands, into: $0)
                }
            }
        }
    }

    func objects(_ window: PatchWindow, products: [Int]) -> [String] {
        products.compactMap { images[$0][window.resolution]?.key }
    }
}
