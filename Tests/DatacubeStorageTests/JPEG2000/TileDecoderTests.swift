import Testing

@testable import DatacubeStorage

/// What ``TileDecoder`` makes of files that OpenJPEG wrote and of ESA's, compared with what OpenJPEG makes of them.
@Suite struct TileDecoderTests {
    struct Shape: CustomTestStringConvertible {
        var width = 300
        var height = 300
        var tile = 300
        var block = 64
        var precinct = 256
        var levels = 5
        var bits = 15
        var testDescription: String {
            "\(width) x \(height), tile \(tile), block \(block), precinct \(precinct), levels \(levels), \(bits) bits"
        }
    }

    enum Content: CaseIterable { case noise, terrain, sparse, empty, extremes }

    static let shapes = [
        Shape(), Shape(width: 1, height: 1, levels: 1), Shape(width: 1, height: 200, levels: 1),
        Shape(width: 97, height: 3, levels: 2),
        Shape(width: 411, height: 257, tile: 128), Shape(tile: 192, block: 4, precinct: 64),
        Shape(width: 333, height: 299, tile: 64, block: 32, precinct: 128), Shape(levels: 1), Shape(levels: 2),
        Shape(width: 65, height: 64, tile: 1024, levels: 8), Shape(bits: 12), Shape(bits: 16),
        Shape(width: 130, height: 1100, tile: 1100, block: 16, precinct: 64, levels: 3),
    ]

    @Test(arguments: shapes, Content.allCases)
    func decodesWhatOpenJPEGWrote(_ shape: Shape, _ content: Content) throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/band.jp2"
        let pixels = Self.pixels(shape, content)
        try Self.write(pixels, shape, to: path)
        let image = try JPEG2000Image(file: path)
        #expect(image.style != nil, "it is decoded by OpenJPEG")
        #expect(try Self.decode(image, image.all) == pixels)
        for window in Self.windows(in: image, count: 12) {
            #expect(try Self.decode(image, window) == Self.crop(pixels, image, window), "\(window)")
        }
    }

    @Test(
        .enabled(if: Fixtures.exist, "the real Sentinel-2 files are not here"),
        arguments: [Fixtures.realB01, "jp2/esa_60m_nearly_empty_15bit.jp2", "jp2/esa_B01_T15SWC_lossy.jp2"]
    )
    func decodesWhatESAWrote(_ file: String) throws {
        let image = try JPEG2000Image(file: Fixtures.path(file))
        #expect(image.style != nil, "it is decoded by OpenJPEG")
        var pixels = [UInt16](repeating: 0, count: image.all.pixelCount)
        let dataset = try GDALDataset(reading: Fixtures.path(file), drivers: ["JP2OpenJPEG"])
        try pixels.withUnsafeMutableBufferPointer { try dataset.read(band: 1, window: image.all, into: $0) }
        #expect(try Self.decode(image, image.all) == pixels)
        for window in Self.windows(in: image, count: 12) {
            #expect(try Self.decode(image, window) == Self.crop(pixels, image, window), "\(window)")
        }
    }

    @Test func leavesOtherWaveletsToOpenJPEG() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/band.jp2"
        let shape = Shape()
        let pixels = Self.pixels(shape, .terrain)
        try Self.write(pixels, shape, .lossy(percentage: 50), to: path)
        let image = try JPEG2000Image(file: path)
        #expect(image.style == nil)
        let decoded = try Self.decode(image, image.all)
        #expect(decoded != pixels)
        let errors = zip(decoded, pixels).map { abs(Int($0) - Int($1)) }
        #expect(errors.reduce(0, +) < 20 * errors.count)
    }

    /// What is damaged decodes to something else or is refused; nothing is read or written out of bounds.
    @Test func damagedPacketsAreRefusedOrDecodeToSomethingElse() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/band.jp2"
        let shape = Shape(width: 200, height: 200, tile: 200, block: 16, precinct: 64)
        try Self.write(Self.pixels(shape, .terrain), shape, to: path)
        let bytes = try FileSystem.contents(of: path)
        let start = try #require(JPEG2000Image(file: path).index.parts[0].first).lowerBound + 14
        var random = SeededGenerator(seed: 7)
        var refused = 0
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: start..<(bytes.count - 2), using: &random)
                damaged[position] = .random(in: 0...255, using: &random)
            }
            try AtomicFile.write(damaged, to: path, durability: .deferred)
            do {
                let image = try JPEG2000Image(file: path)
                _ = try Self.decode(image, image.all)
            } catch let error as PipelineError {
                #expect(error.code == .corrupt && error.message.contains(path))
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    // MARK: Files

    private static func pixels(_ shape: Shape, _ content: Content) -> [UInt16] {
        var random = SeededGenerator(seed: 1)
        let most = 1 << shape.bits - 1
        return (0..<(shape.width * shape.height)).map { index in
            let (x, y) = (index % shape.width, index / shape.width)
            let noise = Int.random(in: 0...most, using: &random)
            let value =
                switch content {
                case .noise: noise
                case .terrain: min(most, 900 + x * y / 50 % 700 + (x / 40 + y / 30) % 3 * 200 + noise % 32)
                case .sparse: noise % 97 == 0 ? noise : 0
                case .empty: 0
                case .extremes: (x / 7 + y / 5) % 2 * most
                }
            return UInt16(value)
        }
    }

    private static func write(
        _ pixels: [UInt16],
        _ shape: Shape,
        _ compression: JPEG2000Writer.Compression = .lossless,
        to path: String
    ) throws {
        var writer = JPEG2000Writer(
            tileSize: shape.tile,
            codeBlockSize: shape.block,
            precinctSize: shape.precinct,
            levels: shape.levels,
            bitDepth: shape.bits
        )
        writer.compression = compression
        let raster = MemoryRaster(width: shape.width, height: shape.height, georeference: nil, bands: [.init("B01")])
        var pixels = pixels
        try pixels.withUnsafeMutableBufferPointer { plane in
            try raster.withDataset(of: [plane]) { try writer.write($0, to: path) }
        }
    }

    private static func windows(in image: JPEG2000Image, count: Int) -> [PixelWindow] {
        var random = SeededGenerator(seed: 2)
        func range(_ size: Int) -> Range<Int> {
            let ends = [Int.random(in: 0..<size, using: &random), Int.random(in: 0..<size, using: &random)].sorted()
            return ends[0]..<(ends[1] + 1)
        }
        return (0..<count).map { _ in PixelWindow(columns: range(image.width), rows: range(image.height)) }
    }

    private static func decode(_ image: JPEG2000Image, _ window: PixelWindow) throws -> [UInt16] {
        var pixels = [UInt16](repeating: 0xFFFF, count: window.pixelCount)
        try pixels.withUnsafeMutableBufferPointer { try image.decode(window, into: $0) }
        return pixels
    }

    private static func crop(_ pixels: [UInt16], _ image: JPEG2000Image, _ window: PixelWindow) -> [UInt16] {
        window.rows.flatMap { row in
            pixels[(row * image.width + window.columns.lowerBound)..<(row * image.width + window.columns.upperBound)]
        }
    }
}

extension JPEG2000Image {
    fileprivate var all: PixelWindow { PixelWindow(x: 0, y: 0, width: width, height: height) }
}
