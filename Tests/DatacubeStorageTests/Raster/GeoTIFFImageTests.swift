import Testing

@testable import DatacubeStorage

@Suite struct GeoTIFFImageTests {
    /// Bands that GDAL wrote and reads, against windows that our reader decodes.
    @Test(arguments: COGWriter.Compression.allCases, [false, true])
    func windowsAreThoseOfGDAL(_ compression: COGWriter.Compression, _ hasOverviews: Bool) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bands.tif"
            try write(path, COGWriter(compression: compression, hasOverviews: hasOverviews, threads: 1))
            let image = try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif")
            #expect(image.width == Self.width && image.height == Self.height && image.bands == 3)
            for window in Self.windows {
                var ours = [UInt16](repeating: 7, count: 3 * window.pixelCount)
                var theirs = ours
                try ours.withUnsafeMutableBufferPointer { try image.decode(window, into: $0) }
                try theirs.withUnsafeMutableBufferPointer {
                    try GDALDataset(reading: path, drivers: ["GTiff"]).readAllBands(window: window, into: $0)
                }
                #expect(ours == theirs, "\(window)")
                #expect(Set(ours).count > 1)
            }
        }
    }

    @Test func neighbouringTilesAreReadByOneRequest() throws {
        try withTemporaryDirectory { directory in
            try write(directory + "/bands.tif", COGWriter(threads: 1))
            let store = CountingStore()
            try store.put("bands.tif", FileSystem.contents(of: directory + "/bands.tif"), durability: .deferred)
            let image = try GeoTIFFImage(store, key: "bands.tif")
            let before = store.readCount
            let window = PixelWindow(x: 500, y: 20, width: 40, height: 100)
            var pixels = [UInt16](repeating: 0, count: 3 * window.pixelCount)
            try pixels.withUnsafeMutableBufferPointer { try image.decode(window, into: $0) }
            #expect(store.readCount - before == 1)
        }
    }

    @Test func damageIsNamedWithFileAndTile() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bands.tif"
            try write(path, COGWriter(threads: 1))
            let image = try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif")
            var bytes = try FileSystem.contents(of: path)
            for position in image.tiles[0].prefix(64) { bytes[position] = 0xFF }
            try AtomicFile.write(bytes, to: path)
            var pixels = [UInt16](repeating: 0, count: 3)
            let error = pixels.withUnsafeMutableBufferPointer { pixels in
                #expect(throws: PipelineError.self) {
                    try image.decode(PixelWindow(x: 0, y: 0, width: 1, height: 1), into: pixels)
                }
            }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains("bands.tif: tile 0, 0") == true)
        }
    }

    @Test func whatIsNoTIFFOrCutOffIsRefused() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bands.tif"
            try write(path, COGWriter(threads: 1))
            let bytes = try FileSystem.contents(of: path)
            for count in [0, 1, 7, 16, 100, 300] {
                try AtomicFile.write(Array(bytes.prefix(count)), to: path)
                #expect(throws: PipelineError.self) { try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif") }
            }
        }
    }

    private static let (width, height) = (1100, 700)
    private static let windows = [
        PixelWindow(x: 0, y: 0, width: width, height: height), PixelWindow(x: 511, y: 511, width: 2, height: 2),
        PixelWindow(x: 1024, y: 600, width: 76, height: 100), PixelWindow(x: 37, y: 101, width: 510, height: 510),
    ]

    fileprivate func write(_ path: String, _ writer: COGWriter) throws {
        let count = Self.width * Self.height
        var random = RandomSource(seed: 1)
        // Slopes with noise, so that the predictor has something to do and values wrap around.
        let pixels = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: 3 * count)
        defer { pixels.deallocate() }
        for index in pixels.indices {
            pixels[index] = UInt16(truncatingIfNeeded: index * 37 + random.below(50) + (index / count) * 21_000)
        }
        let bands = ["B01", "B09", "B10"].map { MemoryRaster.Band($0, noData: 0) }
        let place = Georeference(epsg: 32635, west: 300_000, north: 6_800_040, pixelSize: 60)
        let raster = MemoryRaster(width: Self.width, height: Self.height, georeference: place, bands: bands)
        let planes = (0..<3).map { UnsafeMutableBufferPointer(rebasing: pixels[($0 * count)..<(($0 + 1) * count)]) }
        try raster.withDataset(of: planes) { try writer.write($0, to: path, cancellation: CancellationFlag()) }
    }
}

extension GeoTIFFImageTests {
    /// Nothing is stored of a tile of zeros; a buffer that held something else must not show it.
    @Test func tilesWithoutBytesAreZero() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bands.tif"
            try write(path, COGWriter(threads: 1))
            let whole = try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif")
            let length = whole.tiles[4].count
            try dropTiles(of: path) { $0 == 4 }
            let image = try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif")
            #expect(length > 0 && image.tiles[4].isEmpty)
            let window = PixelWindow(x: 500, y: 500, width: 100, height: 100)
            var pixels = [UInt16](repeating: 0xA5C3, count: 3 * window.pixelCount)
            try pixels.withUnsafeMutableBufferPointer { try image.decode(window, into: $0) }
            #expect(!pixels.contains(0xA5C3))
            // Tile 4 has columns 512 to 1023 of rows 512 to 699.
            for band in 0..<3 {
                for y in 0..<100 {
                    let row = pixels[((band * 100 + y) * 100)..<((band * 100 + y + 1) * 100)]
                    let isZero = row.dropFirst(12).allSatisfy { $0 == 0 }
                    #expect(isZero == (y >= 12))
                }
            }
        }
    }

    @Test func windowsBeyondTheImageAreRefused() throws {
        try withTemporaryDirectory { directory in
            try write(directory + "/bands.tif", COGWriter(threads: 1))
            let image = try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif")
            for window in [
                PixelWindow(columns: -5..<5, rows: 0..<10), PixelWindow(columns: 0..<10, rows: -1..<9),
                PixelWindow(columns: 1095..<1105, rows: 0..<10), PixelWindow(columns: 0..<10, rows: 695..<705),
            ] {
                var pixels = [UInt16](repeating: 0, count: 300)
                let error = pixels.withUnsafeMutableBufferPointer { pixels in
                    #expect(throws: PipelineError.self) { try image.decode(window, into: pixels) }
                }
                #expect(error?.code == .mismatch)
            }
        }
    }

    /// Tags of width, height and size of tiles, and of how many bytes a tile has.
    @Test(arguments: [[256, 257, 322, 323], [322, 323], [325]])
    func sizesBeyondBeliefAreRefused(_ tags: [Int]) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bands.tif"
            try write(path, COGWriter(threads: 1))
            var bytes = try FileSystem.contents(of: path)
            func number(_ start: Int, _ width: Int) -> Int {
                (0..<width).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) }
            }
            let directoryStart = number(4, 4)
            for entry in 0..<number(directoryStart, 2) {
                let start = directoryStart + 2 + entry * 12
                guard tags.contains(number(start, 2)) else { continue }
                let isInline = number(start, 2) != 325
                let place = isInline ? start + 8 : number(start + 8, 4)
                let width = number(start + 2, 2) == 3 ? 2 : 4
                let isSmall = tags.count == 4 && number(start, 2) > 257
                for index in 0..<width { bytes[place + index] = isSmall ? (index == 0 ? 1 : 0) : 0xFF }
            }
            try AtomicFile.write(bytes, to: path)
            #expect(throws: PipelineError.self) { try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif") }
        }
    }

    @Test func thePlaceIsThatOfTheRaster() throws {
        try withTemporaryDirectory { directory in
            try write(directory + "/bands.tif", COGWriter(threads: 1))
            let image = try GeoTIFFImage(LocalStore(root: directory), key: "bands.tif")
            #expect(image.georeference == Georeference(epsg: 32635, west: 300_000, north: 6_800_040, pixelSize: 60))
        }
    }
}

/// Takes the bytes of some tiles away from a classic TIFF file, as if nothing had been stored of them.
func dropTiles(of path: String, where isDropped: (Int) -> Bool) throws {
    var bytes = try FileSystem.contents(of: path)
    func number(_ start: Int, _ width: Int) -> Int { (0..<width).reduce(0) { $0 | Int(bytes[start + $1]) << ($1 * 8) } }
    let directory = number(4, 4)
    for entry in 0..<number(directory, 2) {
        let start = directory + 2 + entry * 12
        // TileOffsets and TileByteCounts, of SHORT or LONG.
        guard [324, 325].contains(number(start, 2)) else { continue }
        let (width, count) = (number(start + 2, 2) == 3 ? 2 : 4, number(start + 4, 4))
        let list = width * count <= 4 ? start + 8 : number(start + 8, 4)
        for tile in 0..<count where isDropped(tile) {
            for index in 0..<width { bytes[list + tile * width + index] = 0 }
        }
    }
    try AtomicFile.write(bytes, to: path)
}
