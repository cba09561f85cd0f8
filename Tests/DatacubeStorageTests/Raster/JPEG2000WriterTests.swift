import DatacubeStorage
import Testing

@Suite struct JPEG2000WriterTests {
    private let width = 420
    private let height = 390

    private func pixels() -> [UInt16] {
        (0..<width * height).map { UInt16(($0 % width * 7 + $0 / width * 13 + $0 * 2654435761 % 97) % 32768) }
    }

    private func write(_ writer: JPEG2000Writer, _ values: [UInt16], to path: String) throws {
        let place = Georeference(epsg: 32635, west: 300000, north: 6_800_040, pixelSize: 60)
        let raster = MemoryRaster(width: width, height: height, georeference: place, bands: [.init("B01")])
        var values = values
        try values.withUnsafeMutableBufferPointer { plane in
            try raster.withDataset(of: [plane]) { try writer.write($0, to: path) }
        }
    }

    @Test(arguments: [Resolution.r10, .r20, .r60])
    func everyPixelAndThePlaceComeBack(_ resolution: Resolution) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/band.jp2"
            let values = pixels()
            try write(.band(at: resolution), values, to: path)
            let dataset = try GDALDataset(reading: path)
            var read = [UInt16](repeating: 0, count: values.count)
            try read.withUnsafeMutableBufferPointer {
                try dataset.read(band: 1, window: PixelWindow(x: 0, y: 0, width: width, height: height), into: $0)
            }
            #expect(read == values)
            #expect(dataset.georeference == Georeference(epsg: 32635, west: 300000, north: 6_800_040, pixelSize: 60))
            #expect(try FileSystem.list(directory) == ["band.jp2"])
        }
    }

    @Test func markersAreThoseOfRealProducts() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/band.jp2"
            try write(.band(at: .r60), pixels(), to: path)
            let structure = try CodestreamMarkers(FileSystem.contents(of: path))
            #expect(structure.tileWidth == 192)
            #expect(structure.tileHeight == 192)
            #expect(structure.bitDepth == 15)
            #expect(structure.decompositions == 4)
            #expect(!structure.mainMarkers.contains(0xFF55), "TLM")
            #expect(structure.tilePartMarkers.count == 9)
            #expect(structure.tilePartMarkers.allSatisfy { $0.contains(0xFF58) }, "PLT")
        }
    }

    /// The promise for SAFE on S3: two requests a band at most, and no bytes but those of the tiles.
    @Test(arguments: [(100, 100, 2), (0, 150, 2), (280, 280, 2), (0, 0, 1)])
    func aWindowOverFourOfNineTilesTakesTwoReads(_ window: (x: Int, y: Int, reads: Int)) throws {
        try withTemporaryDirectory { directory in
            let values = pixels()
            try write(.band(at: .r60), values, to: directory + "/band.jp2")
            let store = CountingStore()
            try store.put("band.jp2", FileSystem.contents(of: directory + "/band.jp2"), durability: .deferred)
            let image = try JPEG2000Image(store, key: "band.jp2")
            let area = PixelWindow(x: window.x, y: window.y, width: 110, height: 110)
            let (bytes, reads) = (store.readBytes, store.readCount)
            var read = [UInt16](repeating: 0, count: area.pixelCount)
            try read.withUnsafeMutableBufferPointer { try image.decode(area, into: $0) }
            #expect(store.readCount - reads == window.reads)
            #expect(store.readBytes - bytes == image.tiles(touching: area).reduce(0) { $0 + image.byteCount(of: $1) })
            #expect(read == area.rows.flatMap { row in area.columns.map { values[row * width + $0] } })
        }
    }

    @Test func aDirectoryThatIsNotThereIsNamed() throws {
        let error = #expect(throws: PipelineError.self) {
            try write(.band(at: .r60), pixels(), to: "/nonexistent/band.jp2")
        }
        #expect(error?.message.contains("/nonexistent") == true)
        #expect(error?.cause != nil)
    }
}

/// The marker segments of a codestream with tile-parts, read independently of the library.
struct CodestreamMarkers {
    var tileWidth = 0
    var tileHeight = 0
    var bitDepth = 0
    var decompositions = 0
    var mainMarkers: [Int] = []
    var tilePartMarkers: [[Int]] = []

    init(_ bytes: [UInt8]) throws {
        func word(_ at: Int) -> Int { Int(bytes[at]) << 8 | Int(bytes[at + 1]) }
        func long(_ at: Int) -> Int { word(at) << 16 | word(at + 2) }
        let start = try #require((0..<bytes.count - 4).first { long($0) == 0xFF4F_FF51 })
        var position = start + 2
        while word(position) != 0xFF90 {
            mainMarkers.append(word(position))
            if word(position) == 0xFF51 {
                tileWidth = long(position + 22)
                tileHeight = long(position + 26)
                bitDepth = Int(bytes[position + 40]) + 1
            }
            if word(position) == 0xFF52 { decompositions = Int(bytes[position + 9]) }
            position += 2 + word(position + 2)
        }
        while word(position) == 0xFF90 {
            let end = position + long(position + 6)
            var markers: [Int] = []
            position += 12
            while word(position) != 0xFF93 {
                markers.append(word(position))
                position += 2 + word(position + 2)
            }
            tilePartMarkers.append(markers)
            position = end
        }
    }
}
