/// The JPEG 2000 files of one product.
///
/// One item at a time holds the pixels of one file: at most 241 MB for a 10 m band and 362 MB for the true colour
/// image, so a run needs about that much times the number of threads, however many products there are.
struct SynthesizedImages: Sendable {
    /// One file to be made, the largest first so that no thread is left alone with a long one at the end.
    enum Item: Sendable, Equatable {
        case trueColour
        case band(Band)
        case classification

        static let all: [Item] =
            [.trueColour] + Band.allCases.sorted { $0.resolution < $1.resolution }.map { .band($0) } + [.classification]

        /// Samples in its image, for a product of `extent` pixels of 10 m a side.
        func pixelCount(_ extent: Int) -> Int {
            let samples = { (metres: Int) in (extent * 10 / metres) * (extent * 10 / metres) }
            return switch self {
            case .trueColour: 3 * samples(10)
            case .band(let band): samples(band.resolution.metres)
            case .classification: 3 * samples(60)
            }
        }
    }

    let identity: ProductIdentity
    let landscape: Landscape
    let weather: Weather
    let extent: Int

    private var acquisition: Acquisition { identity.acquisition }

    /// Makes the files of an item below `root` and returns their paths in the product.
    func write(_ item: Item, below root: String) throws -> [String] {
        switch item {
        case .trueColour: try writeTrueColour(below: root)
        case .band(let band): [try write(band, below: root)]
        case .classification: [try writeClassification(below: root)]
        }
    }

    private func write(_ band: Band, below root: String) throws -> String {
        let path = identity.imagePath(band.name) + ".jp2"
        let size = extent * 10 / band.resolution.metres
        let pixels = try PixelBuffer<UInt16>(zeroed: size * size)
        unsafe render(band) { row, values in
            unsafe pixels.plane(0, of: 1, row: row, width: size).update(from: values)
        }
        let raster = MemoryRaster(
            width: size,
            height: size,
            georeference: acquisition.tile.georeference(at: band.resolution),
            bands: [MemoryRaster.Band(band.name)]
        )
        try unsafe pixels.withPlanes(1) { planes in
            try unsafe raster.withDataset(of: planes) {
                try JPEG2000Writer.band(at: band.resolution).write($0, to: FileSystem.join(root, path))
            }
        }
        return path
    }

    /// Hands over a band's rows, from the top.
    private func render(_ band: Band, use: (Int, UnsafeBufferPointer<UInt16>) -> Void) {
        let scene = SceneBand(band, of: acquisition, over: landscape, in: weather, extent: extent)
        var scratch = RowScratch(width: scene.width)
        var row = [UInt16](repeating: 0, count: scene.width)
        unsafe row.withUnsafeMutableBufferPointer { row in
            for y in 0..<scene.width {
                unsafe scene.fill(row: y, into: row, &scratch)
                unsafe use(y, UnsafeBufferPointer(row))
            }
        }
    }

    private func writeTrueColour(below root: String) throws -> [String] {
        let pixels = try PixelBuffer<UInt8>(zeroed: 3 * extent * extent)
        let offset = acquisition.baseline.addsRadiometricOffset ? 1000 : 0
        let table = (0...32767).map { Self.display($0, offset: offset) }
        for (number, band) in [Band.b04, .b03, .b02].enumerated() {
            unsafe render(band) { y, values in
                let row = unsafe pixels.plane(number, of: 3, row: y, width: extent)
                unsafe table.withUnsafeBufferPointer { table in
                    for x in 0..<extent { unsafe row[x] = unsafe table[Int(values[x])] }
                }
            }
        }
        let path = identity.imagePath("TCI") + ".jp2"
        let writer = JPEG2000Writer(tileSize: 1024, bitDepth: 8, compression: .lossy(percentage: 30))
        try writeColour(pixels, size: extent, metres: 10, to: FileSystem.join(root, path), by: writer)
        return [path, try writePreview(pixels, below: root)]
    }

    /// ESA's stretch: reflectance 0 to 0.3558 becomes 1 to 255; 0 is kept for no data.
    private static func display(_ value: Int, offset: Int) -> UInt8 {
        value == 0 ? 0 : UInt8(((value - offset) * 255 / 3558).clamped(to: 1...255))
    }

    /// The preview of 320 m, taken from the true colour image.
    private func writePreview(_ full: PixelBuffer<UInt8>, below root: String) throws -> String {
        let size = max(8, extent / 32)
        let pixels = try PixelBuffer<UInt8>(zeroed: 3 * size * size)
        for number in 0..<3 {
            for y in 0..<size {
                let from = unsafe full.plane(number, of: 3, row: min(extent - 1, y * 32 + 16), width: extent)
                let row = unsafe pixels.plane(number, of: 3, row: y, width: size)
                for x in 0..<size { unsafe row[x] = unsafe from[min(extent - 1, x * 32 + 16)] }
            }
        }
        let path = "\(identity.granuleFolder)/QI_DATA/\(identity.image("PVI")).jp2"
        let writer = JPEG2000Writer(tileSize: 2048, codeBlockSize: 16, precinctSize: 128, bitDepth: 8)
        try writeColour(pixels, size: size, metres: 320, to: FileSystem.join(root, path), by: writer)
        return path
    }

    private func writeColour(
        _ pixels: PixelBuffer<UInt8>,
        size: Int,
        metres: Double,
        to path: String,
        by writer: JPEG2000Writer
    ) throws {
        var place = acquisition.tile.georeference(at: .r10)
        place.pixelSize = metres
        let bands = ["red", "green", "blue"].map { MemoryRaster.Band($0) }
        let raster = MemoryRaster(width: size, height: size, georeference: place, bands: bands)
        try unsafe pixels.withPlanes(3) { planes in
            try unsafe raster.withDataset(of: planes) { try writer.write($0, to: path) }
        }
    }

    /// The mask of opaque clouds, cirrus and snow, on pixels of 60 m.
    private func writeClassification(below root: String) throws -> String {
        let size = extent / 6
        let pixels = try PixelBuffer<UInt8>(zeroed: 3 * size * size)
        let season = Season(acquisition)
        for y in 0..<size {
            let (clouds, snow) = unsafe (
                pixels.plane(0, of: 3, row: y, width: size), pixels.plane(2, of: 3, row: y, width: size)
            )
            for x in 0..<size {
                let point = y / 2 * landscape.columns + x / 2
                unsafe clouds[x] = weather.opacity[point] > 0.5 ? 1 : 0
                unsafe snow[x] = unsafe clouds[x] == 0 && season.snow(at: landscape.elevation[point]) > 0.5 ? 1 : 0
            }
        }
        let path = "\(identity.granuleFolder)/QI_DATA/MSK_CLASSI_B00.jp2"
        let writer = JPEG2000Writer(tileSize: 256, codeBlockSize: 16, precinctSize: 128, bitDepth: 8)
        try writeColour(pixels, size: size, metres: 60, to: FileSystem.join(root, path), by: writer)
        return path
    }
}

extension UnsafeMutableBufferPointer where Element: BitwiseCopyable {
    fileprivate func update(from source: UnsafeBufferPointer<Element>) {
        guard let target = baseAddress, let source = source.baseAddress else { return }
        unsafe target.update(from: source, count: count)
    }
}
