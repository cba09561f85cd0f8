/// Band files as delivered, read through their index of tile-parts.
struct SAFESource: PatchSource {
    let geocoding: TileGeocoding
    let data: StoredTileYear
    /// All of one place.
    let products: TileYearProducts
    /// Whether the places of tile-parts are known from opening; each load finds them anew otherwise, as other readers do.
    private let keepsTileParts: Bool

    var store: any ObjectStore { data.store }
    var identifiers: [String] { products.products.map(\.product.identifier) }

    init(_ products: TileYearProducts, of data: StoredTileYear, keepsTileParts: Bool = true) throws {
        guard let first = products.products.first else {
            let reasons = products.failures.map { "; \($0)" }.joined()
            throw PipelineError(.notFound, "\(data.store) has no usable product of \(data.tileYear)\(reasons)")
        }
        self.data = data
        self.products = products
        self.keepsTileParts = keepsTileParts
        geocoding = try first.product.tile.geocoding.only(data.resolutions)
    }

    func reading(_ windows: [PatchWindow], products selected: [Int], threads: Int) throws -> PatchReading {
        let planes = windows.flatMap { window in
            selected.enumerated().flatMap { date, product in
                imagePlanes(window, of: products.products[product], date: date)
            }
        }
        guard !keepsTileParts else {
            return PatchReading { announcements(of: planes) + planes.flatMap { pieces(of: $0) } }
        }
        // Everything about a plane hangs on its file's headers, so that there is nothing to share among threads before.
        return PatchReading { planes.map { plane in { try plane.withTileParts().decodeAll() } } }
    }

    private func imagePlanes(_ part: PatchWindow, of product: ProductImages, date: Int) -> [ImagePlane] {
        let (bands, count) = (part.resolution.bands, part.window.pixelCount)
        return part.bands.enumerated().map { index, band in
            let start = (date * part.bands.count + index) * count
            return ImagePlane(
                image: product.image(bands[band]),
                window: part.window,
                pixels: part.pixels,
                range: start..<(start + count)
            )
        }
    }

    private func announcements(of planes: [ImagePlane]) -> [PatchReading.Piece] {
        guard store.properties.takesAnnouncements else { return [] }
        return planes.map { plane in { try plane.image.announce(plane.window) } }
    }

    private func pieces(of plane: ImagePlane) -> [PatchReading.Piece] {
        // Where small reads cost little, threads share the tiles; elsewhere neighbours come by one request.
        guard store.properties.favoursSmallReads else { return [{ try plane.decodeAll() }] }
        return plane.image.tiles(touching: plane.window).map { tile in { try plane.decode(tile) } }
    }

    /// Opening read the headers of all band files of a product at least.
    var madeIndex: Bool { !products.products.allSatisfy(\.isIndexed) }

    func objects(_ window: PatchWindow, products selected: [Int]) -> [String] {
        let bands = window.bands.map { window.resolution.bands[$0] }
        return selected.flatMap { product in bands.map { products.products[product].image($0).key } }
    }

    func recordedDates(on executor: BlockingExecutor) throws -> [Resolution: RecordedDates] {
        let described = products.products.map(\.product).map { ($0.identifier, $0.metadata, $0.tile) }
        return try Dictionary(
            uniqueKeysWithValues: data.resolutions.map { ($0, try RecordedDates(described, $0)) }
        )
    }
}
