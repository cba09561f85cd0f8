import Synchronization

/// Cloud-optimised GeoTIFFs, one for each product and resolution.
struct COGSource: PatchSource {
    let store: any ObjectStore
    let identifiers: [String]
    let geocoding: TileGeocoding
    private let images: [[Resolution: GeoTIFFImage]]

    /// Reads the headers of all files, in parallel.
    static func open(
        _ tileYear: TileYear,
        in store: any ObjectStore,
        resolutions: [Resolution],
        on executor: BlockingExecutor
    ) async throws -> COGSource {
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
        return COGSource(
            store: store,
            identifiers: products.map(\.identifier),
            geocoding: try geocoding(of: images),
            images: images
        )
    }

    /// Where the files lie by their own georeferences, all in one place.
    private static func geocoding(of images: [[Resolution: GeoTIFFImage]]) throws -> TileGeocoding {
        var common: TileGeocoding?
        for product in images {
            guard let image = product.values.first else { continue }
            do {
                let codes = Set(product.values.map(\.georeference.epsg))
                guard codes.count == 1, let code = codes.first else {
                    throw PipelineError(.mismatch, "its files are of different zones, \(codes.sorted())")
                }
                let found = try TileGeocoding(epsgCode: code, grids: product.mapValues(\.grid))
                guard found == common ?? found else {
                    throw PipelineError(.mismatch, "it lies at \(found), the first product of the year elsewhere")
                }
                common = found
            } catch {
                let place = FileSystem.parent(of: image.path)
                throw PipelineError.told(error, within: "\(place), convert the product again")
            }
        }
        guard let common else { throw PipelineError(.notFound, "there is no resolution to load") }
        return common
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
        let count = part.resolution.bands.count * part.window.pixelCount
        return products.enumerated().compactMap { date, product in
            guard let image = images[product][part.resolution] else { return nil }
            return {
                try unsafe part.pixels.withPixels((date * count)..<((date + 1) * count)) {
                    try unsafe image.decode(part.window, into: $0)
                }
            }
        }
    }

    func objects(_ window: PatchWindow, products: [Int]) -> [String] {
        products.compactMap { images[$0][window.resolution]?.key }
    }
}
