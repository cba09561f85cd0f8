/// One format on one storage, ready to load patches of one tile-year.
protocol PatchSource: Sendable {
    var storage: Storage { get }
    var format: DataFormat { get }
    /// The products that it has, in the order of its time axis.
    var identifiers: [String] { get }
    /// The pixel grids of the three resolutions.
    var grids: [Resolution: PixelGrid] { get }

    /// The pieces of work that load a window of all bands of some products.
    ///
    /// - Parameters:
    ///   - products: Positions in ``identifiers``.
    ///   - pixels: Filled as `(time, band, y, x)`; the pieces write disjoint parts of it.
    func pieces(
        _ resolution: Resolution,
        products: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void]
}

extension PatchSource {
    /// `network zarr`
    var name: String { "\(storage.rawValue) \(format.rawValue)" }
}

/// Band files as delivered, read through their index of tile-parts.
struct SAFESource: PatchSource {
    let storage: Storage
    let format = DataFormat.safe
    let grids: [Resolution: PixelGrid]
    private let products: [ProductImages]

    var identifiers: [String] { products.map(\.product.identifier) }

    init(_ storage: Storage, _ products: [ProductImages]) throws {
        guard let first = products.first else {
            throw PipelineError(.notFound, "the \(storage.rawValue) SAFE folder has no usable product of the tile-year")
        }
        self.storage = storage
        self.products = products
        grids = first.product.tile.grids
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
                return image.tiles(touching: window).map { tile in
                    {
                        try unsafe pixels.withPixels(start..<(start + window.pixelCount)) {
                            try unsafe image.decode(tile, of: window, into: $0)
                        }
                    }
                }
            }
        }
    }
}

/// Cloud-optimised GeoTIFFs, one for each product and resolution.
struct COGSource: PatchSource {
    let storage: Storage
    let format = DataFormat.cog
    let grids: [Resolution: PixelGrid]
    private let layout: COGLayout
    private let products: [ProductName]

    var identifiers: [String] { products.map(\.identifier) }

    init(_ storage: Storage, _ layout: COGLayout, _ tileYear: ProductCatalogue.TileYear) throws {
        products = try layout.products(of: tileYear)
        guard let first = products.first else {
            throw PipelineError(.notFound, "\(layout.root) has no finished product of \(tileYear); run safe2cog first")
        }
        self.storage = storage
        self.layout = layout
        grids = try TileMetadata(file: "\(layout.folder(of: first))/MTD_TL.xml").grids
    }

    func pieces(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void] {
        let bands = resolution.bands.count
        let count = bands * window.pixelCount
        return selected.enumerated().map { date, product in
            let path = layout.file(of: products[product], resolution)
            return {
                try unsafe pixels.withPixels((date * count)..<((date + 1) * count)) {
                    try unsafe GeoTIFFWindow.read(path, window, bands: bands, into: $0)
                }
            }
        }
    }
}

/// The chunks of one Zarr array a resolution.
struct ZarrSource: PatchSource {
    let storage: Storage
    let format = DataFormat.zarr
    let identifiers: [String]
    let grids: [Resolution: PixelGrid]
    private let arrays: [Resolution: ZarrArray]

    init(_ storage: Storage, root: String, _ tileYear: ProductCatalogue.TileYear) throws {
        let store = LocalStore(root: root)
        var cubes: [Resolution: Cube] = [:]
        for resolution in Resolution.allCases {
            let path = ZarrLayout.path(of: tileYear, resolution)
            guard let cube = try Cube.open(store, path: path) else {
                throw PipelineError(.notFound, "\(root)/\(path) has no complete datacube; run safe2zarr first")
            }
            cubes[resolution] = cube
        }
        let dates = cubes.values.map { $0.steps.map(\.productIdentifier) }
        guard let first = dates.first, dates.allSatisfy({ $0 == first }) else {
            throw PipelineError(.mismatch, "\(root)/\(tileYear): the resolutions have other dates; run safe2zarr again")
        }
        self.storage = storage
        identifiers = first
        arrays = cubes.mapValues(\.data)
        grids = try cubes.mapValues { try $0.grid() }
    }

    func pieces(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void] {
        guard let array = arrays[resolution] else { return [] }
        let bands = resolution.bands.count
        let dateCount = bands * window.pixelCount
        return try ZarrSource.runs(selected).flatMap { position, dates -> [@Sendable () throws -> Void] in
            let plan = try array.plan([dates, 0..<bands, window.rows, window.columns])
            return plan.selections.map { selection in
                {
                    try unsafe pixels.withPixels((position * dateCount)..<((position + dates.count) * dateCount)) { part in
                        try DecodeScratch.withScratch { scratch in
                            try unsafe array.read(selection, into: UnsafeMutableRawBufferPointer(part), scratch: scratch)
                        }
                    }
                }
            }
        }
    }

    /// Runs of neighbouring dates, each with its position among the selected ones.
    private static func runs(_ selected: [Int]) -> [(position: Int, dates: Range<Int>)] {
        var runs: [(position: Int, dates: Range<Int>)] = []
        for (position, date) in selected.enumerated() {
            if let last = runs.last, last.dates.upperBound == date {
                runs[runs.count - 1].dates = last.dates.lowerBound..<(date + 1)
            } else {
                runs.append((position, date..<(date + 1)))
            }
        }
        return runs
    }
}
