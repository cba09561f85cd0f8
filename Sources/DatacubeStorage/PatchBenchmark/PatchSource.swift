import Synchronization

/// One format on one storage, ready to load patches of one tile-year.
protocol PatchSource: Sendable {
    var storage: Storage { get }
    var format: DataFormat { get }
    /// The products that it has, in the order of its time axis.
    var identifiers: [String] { get }
    /// Where it lies.
    var store: any ObjectStore { get }
    /// Where the pixels of the resolutions that are loaded lie; every date was found to lie there.
    var geocoding: TileGeocoding { get }

    /// What has to be known once about the place of a window before ``pieces(_:products:window:into:)``; none when all is.
    func preparations(
        _ resolution: Resolution,
        products: [Int],
        window: PixelWindow
    ) throws -> [@Sendable () throws -> Void]

    /// What lets a disk begin with a window while the threads are busy with others.
    func announcements(
        _ resolution: Resolution,
        products: [Int],
        window: PixelWindow
    ) throws -> [@Sendable () throws -> Void]

    /// The pieces of work that load a window of all bands of some products.
    ///
    /// `products` are positions in ``identifiers``. `pixels` is filled as `(time, band, y, x)`; the pieces write
    /// disjoint parts of it.
    func pieces(
        _ resolution: Resolution,
        products: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void]

    /// The keys of the objects that hold those pixels.
    func objects(_ resolution: Resolution, products: [Int], window: PixelWindow) throws -> [String]
}

extension PatchSource {
    /// The pixel grids of the resolutions that are loaded.
    var grids: [Resolution: PixelGrid] { geocoding.grids }

    /// Most sources know all they need when they are open.
    func preparations(
        _ resolution: Resolution,
        products: [Int],
        window: PixelWindow
    ) throws -> [@Sendable () throws -> Void] { [] }

    /// Nothing where decoding takes far longer than reading.
    func announcements(
        _ resolution: Resolution,
        products: [Int],
        window: PixelWindow
    ) throws -> [@Sendable () throws -> Void] { [] }

    /// Loads windows of all bands of some products, everything in flight at once, the first windows first.
    func load(
        _ windows: [(resolution: Resolution, window: PixelWindow, pixels: PixelBuffer<UInt16>)],
        products: [Int],
        on executor: BlockingExecutor
    ) async throws {
        let preparations = try windows.flatMap {
            try self.preparations($0.resolution, products: products, window: $0.window)
        }
        try await executor.forEach(preparations.count) { try preparations[$0]() }
        let announcements = try windows.flatMap {
            try self.announcements($0.resolution, products: products, window: $0.window)
        }
        let pieces =
            try announcements
            + windows.flatMap {
                try self.pieces($0.resolution, products: products, window: $0.window, into: $0.pixels)
            }
        try await executor.forEach(pieces.count) { try pieces[$0]() }
    }

    /// The keys of the objects that hold a patch, at all resolutions.
    func objects(_ patch: Patch, products: [Int]) throws -> [String] {
        try Resolution.allCases.flatMap { resolution in
            guard let grid = grids[resolution] else { return [String]() }
            return try objects(resolution, products: products, window: patch.window(in: grid))
        }
    }

    /// Storage and format, such as `network zarr`.
    var name: String { "\(storage.rawValue) \(format.rawValue)" }
}

/// Band files as delivered, read through their index of tile-parts.
struct SAFESource: PatchSource {
    let storage: Storage
    let format = DataFormat.safe
    let store: any ObjectStore
    let geocoding: TileGeocoding
    private let products: [ProductImages]

    var identifiers: [String] { products.map(\.product.identifier) }

    init(_ storage: Storage, _ store: any ObjectStore, _ products: [ProductImages], _ resolutions: [Resolution]) throws
    {
        guard let first = products.first else {
            throw PipelineError(.notFound, "\(store) has no usable product of the tile-year")
        }
        self.storage = storage
        self.store = store
        self.products = products
        geocoding = try first.product.tile.geocoding.only(resolutions)
    }

    func pieces(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void] {
        let bands = resolution.bands
        return selected.enumerated().flatMap { date, product in
            bands.enumerated().flatMap { index, band -> [@Sendable () throws -> Void] in
                let image = products[product].image(band)
                let start = (date * bands.count + index) * window.pixelCount
                let range = start..<(start + window.pixelCount)
                // Tiles of a file on this machine are shared among threads; on S3 neighbours come by one request.
                guard image.store is LocalStore else {
                    return [{ try unsafe pixels.withPixels(range) { try unsafe image.decode(window, into: $0) } }]
                }
                return image.tiles(touching: window).map { tile in
                    { try unsafe pixels.withPixels(range) { try unsafe image.decode(tile, of: window, into: $0) } }
                }
            }
        }
    }

    func objects(_ resolution: Resolution, products selected: [Int], window: PixelWindow) -> [String] {
        selected.flatMap { product in resolution.bands.map { products[product].image($0).key } }
    }
}

/// Cloud-optimised GeoTIFFs, one for each product and resolution.
struct COGSource: PatchSource {
    let storage: Storage
    let format = DataFormat.cog
    let store: any ObjectStore
    let identifiers: [String]
    let geocoding: TileGeocoding
    private let images: [[Resolution: GeoTIFFImage]]

    /// Reads the headers of all files, in parallel.
    static func open(
        _ storage: Storage,
        _ store: any ObjectStore,
        _ tileYear: TileYear,
        _ resolutions: [Resolution],
        on executor: BlockingExecutor
    ) async throws -> COGSource {
        let products = try await executor.run { try COGLayout.products(of: tileYear, in: store, resolutions) }
        guard !products.isEmpty else {
            throw PipelineError(.notFound, "\(store) has no finished product of \(tileYear); run safe2cog first")
        }
        let opened = Mutex([[Resolution: GeoTIFFImage]](repeating: [:], count: products.count))
        try await executor.forEach(products.count * resolutions.count) { number in
            let (product, rest) = number.quotientAndRemainder(dividingBy: resolutions.count)
            let resolution = resolutions[rest]
            let key = "\(COGLayout.key(of: products[product]))/\(resolution.name).tif"
            let image = try GeoTIFFImage(store, key: key)
            guard image.bands == resolution.bands.count else {
                throw PipelineError(.mismatch, "\(image.path) has \(image.bands) bands; convert the product again")
            }
            opened.withLock { $0[product][resolution] = image }
        }
        let images = opened.withLock { $0 }
        return COGSource(
            storage: storage,
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
                throw PipelineError.wrapping(error).within("\(place), convert the product again")
            }
        }
        guard let common else { throw PipelineError(.notFound, "there is no resolution to load") }
        return common
    }

    func announcements(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow
    ) -> [@Sendable () throws -> Void] {
        guard store is LocalStore else { return [] }
        return selected.compactMap { images[$0][resolution] }.map { image in { try image.announce(window) } }
    }

    func pieces(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void] {
        let count = resolution.bands.count * window.pixelCount
        return selected.enumerated().compactMap { date, product in
            guard let image = images[product][resolution] else { return nil }
            return {
                try unsafe pixels.withPixels((date * count)..<((date + 1) * count)) {
                    try unsafe image.decode(window, into: $0)
                }
            }
        }
    }

    func objects(_ resolution: Resolution, products selected: [Int], window: PixelWindow) -> [String] {
        selected.compactMap { images[$0][resolution]?.key }
    }
}
