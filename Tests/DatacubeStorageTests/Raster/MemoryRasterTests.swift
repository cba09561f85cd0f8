import DatacubeStorage
import Testing

@Suite struct MemoryRasterTests {
    @Test func planesAreBandsAndAreNotCopied() throws {
        let bands = [MemoryRaster.Band("B02", noData: 0, scale: 1e-4, offset: -0.1), MemoryRaster.Band("B03")]
        let place = Georeference(epsg: 32756, west: 399_960, north: 6_700_000, pixelSize: 10)
        let raster = MemoryRaster(width: 3, height: 2, georeference: place, bands: bands, metadata: ["TILE": "56JMM"])
        let pixels = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: 12)
        defer { pixels.deallocate() }
        for index in 0..<12 { pixels[index] = UInt16(index * 1000) }
        let planes = [0, 6].map { UnsafeMutableBufferPointer(rebasing: pixels[$0..<$0 + 6]) }
        try raster.withDataset(of: planes) { dataset in
            #expect(dataset.bandCount == 2)
            #expect(dataset.georeference == place)
            pixels[10] = 65535
            var window = [UInt16](repeating: 0, count: 4)
            try window.withUnsafeMutableBufferPointer {
                try dataset.read(band: 2, window: PixelWindow(x: 1, y: 0, width: 2, height: 2), into: $0)
            }
            #expect(window == [7000, 8000, 65535, 11000])
        }
    }

    @Test func anUnknownProjectionIsNamed() {
        let place = Georeference(epsg: 99999, west: 0, north: 0, pixelSize: 10)
        let raster = MemoryRaster(width: 1, height: 1, georeference: place, bands: [MemoryRaster.Band("B02")])
        var pixel: [UInt8] = [0]
        let error = pixel.withUnsafeMutableBufferPointer { plane in
            #expect(throws: PipelineError.self) { try raster.withDataset(of: [plane]) { _ in } }
        }
        #expect(error?.message.contains("99999") == true)
    }

    @Test func aMissingFileIsNamedWithTheWordsOfGDAL() {
        let error = #expect(throws: PipelineError.self) { _ = try GDALDataset(reading: "/nonexistent.tif").width }
        #expect(error?.message.contains("/nonexistent.tif") == true)
        #expect(error?.cause != nil)
    }
}
