/// One GeoTIFF: all bands of a product at one resolution.
struct COGConversion: Sendable {
    private struct Piece: Sendable {
        let plane: Int
        let image: JPEG2000Image
        let tile: JPEG2000Tile
    }

    private let images: ProductImages
    private let resolution: Resolution

    init(_ images: ProductImages, resolution: Resolution) {
        self.images = images
        self.resolution = resolution
    }

    /// Decodes all bands on all threads, then has GDAL compress them on all threads.
    ///
    /// Holds the decoded bands: 0.96 GB for the four bands of 10980 x 10980 pixels at 10 m, which is the bound.
    func write(
        to path: String,
        _ writer: COGWriter,
        on executor: BlockingExecutor,
        progress: Progress
    ) async throws {
        let grid = try images.grid(resolution)
        let planeSize = grid.width * grid.height
        let pixels = try PixelBuffer<UInt16>(zeroed: planeSize * resolution.bands.count)
        let window = PixelWindow(x: 0, y: 0, width: grid.width, height: grid.height)
        let pieces = pieces(of: window)
        try await executor.forEach(pieces.count) { index in
            let piece = pieces[index]
            let plane = (piece.plane * planeSize)..<((piece.plane + 1) * planeSize)
            try unsafe pixels.withPixels(plane) { try unsafe piece.image.decode(piece.tile, of: window, into: $0) }
            progress.advance(by: piece.tile.window.pixelCount)
        }
        let raster = describe(grid)
        let cancellation = CancellationFlag()
        try await withTaskCancellationHandler {
            try await executor.run {
                try unsafe pixels.withPlanes(resolution.bands.count) { planes in
                    try unsafe raster.withDataset(of: planes) { dataset in
                        try writer.write(dataset, to: path, cancellation: cancellation)
                    }
                }
            }
        } onCancel: {
            cancellation.set()
        }
    }

    private func pieces(of window: PixelWindow) -> [Piece] {
        resolution.bands.enumerated().flatMap { plane, band in
            let image = images.image(band)
            return image.tiles(touching: window).map { Piece(plane: plane, image: image, tile: $0) }
        }
    }

    private func describe(_ grid: PixelGrid) -> MemoryRaster {
        let product = images.product
        return MemoryRaster(
            width: grid.width,
            height: grid.height,
            georeference: Georeference(grid, epsg: product.tile.epsgCode),
            bands: resolution.bands.map { Self.describe($0, metadata: product.metadata) },
            metadata: Self.items(product.metadata)
        )
    }

    private static func items(_ metadata: ProductMetadata) -> [String: String] {
        var items = [
            "PRODUCT_URI": metadata.productURI,
            "PRODUCT_START_TIME": metadata.startTime.description,
            "PROCESSING_BASELINE": metadata.processingBaseline,
            "SPACECRAFT_NAME": metadata.platform,
            "SENSING_ORBIT_NUMBER": String(metadata.relativeOrbit),
            "SENSING_ORBIT_DIRECTION": metadata.orbitDirection,
        ]
        if !metadata.cloudCover.isNaN { items["CLOUD_COVERAGE_ASSESSMENT"] = String(metadata.cloudCover) }
        return items
    }

    /// Scale and offset turn DN into reflectance: `DN · 1/Q + offset/Q`.
    private static func describe(_ band: Band, metadata: ProductMetadata) -> MemoryRaster.Band {
        var items = ["BANDNAME": band.name]
        if let wavelength = metadata.wavelengths[band] {
            items["WAVELENGTH"] = String(wavelength.central)
            items["WAVELENGTH_UNIT"] = "nm"
        }
        if let wavelength = metadata.wavelengths[band], wavelength.maximum > wavelength.minimum {
            items["BANDWIDTH"] = String(wavelength.maximum - wavelength.minimum)
            items["BANDWIDTH_UNIT"] = "nm"
        }
        return MemoryRaster.Band(
            band.name,
            noData: Double(ProductMetadata.noDataValue),
            scale: 1 / metadata.quantificationValue,
            offset: Double(metadata.radiometricOffsets[band.rawValue]) / metadata.quantificationValue,
            metadata: items
        )
    }
}
