/// Band files as delivered, read through their index of tile-parts.
struct SAFESource: PatchSource {
    let store: any ObjectStore
    let geocoding: TileGeocoding
    private let products: [ProductImages]

    var identifiers: [String] { products.map(\.product.identifier) }

    init(_ products: [ProductImages], in store: any ObjectStore, resolutions: [Resolution]) throws {
        guard let first = products.first else {
            throw PipelineError(.notFound, "\(store) has no usable product of the tile-year")
        }
        self.store = store
        self.products = products
        geocoding = try first.product.tile.geocoding.only(resolutions)
    }

    func reading(_ windows: [PatchWindow], products selected: [Int], threads: Int) throws -> PatchReading {
        PatchReading {
            windows.flatMap { window in
                selected.enumerated().flatMap { date, product in pieces(window, of: products[product], date: date) }
            }
        }
    }

    private func pieces(_ part: PatchWindow, of product: ProductImages, date: Int) -> [PatchReading.Piece] {
        let (bands, window, pixels) = (part.resolution.bands, part.window, part.pixels)
        return bands.enumerated().flatMap { index, band -> [PatchReading.Piece] in
            let image = product.image(band)
            let start = (date * bands.count + index) * window.pixelCount
            let range = start..<(start + window.pixelCount)
            // Where small reads cost little, threads share the tiles; elsewhere neighbours come by one request.
            guard store.properties.favoursSmallReads else {
                return [{ try unsafe pixels.withPixels(range) { try unsafe image.decode(window, into: $0) } }]
            }
            return image.tiles(touching: window).map { tile in
                { try unsafe pixels.withPixels(range) { try unsafe image.decode(tile, of: window, into: $0) } }
            }
        }
    }

    func objects(_ window: PatchWindow, products selected: [Int]) -> [String] {
        selected.flatMap { product in window.resolution.bands.map { products[product].image($0).key } }
    }
}
