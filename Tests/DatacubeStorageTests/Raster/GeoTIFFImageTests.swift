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

    private func write(_ path: String, _ writer: COGWriter) throws {
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
