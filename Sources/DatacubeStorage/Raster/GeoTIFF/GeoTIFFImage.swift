/// A tiled GeoTIFF of 16-bit bands in a store: where each of its tiles lies.
///
/// Holds no open file, so it can be kept for every date of a year: 8 KB for a full-size 10 m file of 484 tiles.
struct GeoTIFFImage: Sendable {
    /// How tiles are compressed.
    enum Compression: Int, Sendable {
        case none = 1
        case deflate = 8
        case zstd = 50_000
    }

    // 64 MiB, which decoding a tile takes; safe2cog's have at most 3 MiB.
    private static let mostTileSamples = 1 << 25

    let store: any ObjectStore
    let key: String
    let width: Int
    let height: Int
    let bands: Int
    let tileWidth: Int
    let tileHeight: Int
    let compression: Compression
    let hasPredictor: Bool
    /// Where the pixels lie.
    let georeference: Georeference
    /// Byte ranges of the tiles, row by row; empty for tiles of nothing but nodata.
    let tiles: [Range<Int>]

    /// What error texts call the file.
    var path: String { "\(store)/\(key)" }
    var tileColumns: Int { (width + tileWidth - 1) / tileWidth }
    var tileRows: Int { (height + tileHeight - 1) / tileHeight }

    /// Reads the directory of a file, by one request where the store brings the first bytes along on opening.
    ///
    /// - Throws: ``PipelineError`` when the file is absent, damaged or not of the kind that safe2cog writes.
    init(_ store: any ObjectStore, key: String) throws {
        guard let file = try store.reader(of: key) else {
            throw PipelineError(.notFound, "\(store)/\(key) does not exist; convert the product again")
        }
        let directory = try TIFFDirectory(file, path: "\(store)/\(key)")
        self.store = store
        self.key = key
        (width, height) = (try directory.value(.width), try directory.value(.height))
        (tileWidth, tileHeight) = (try directory.value(.tileWidth), try directory.value(.tileHeight))
        bands = try directory.value(.samplesPerPixel, default: 1)
        guard let compression = Compression(rawValue: try directory.value(.compression)),
            try directory.values(.bitsPerSample).allSatisfy({ $0 == 16 }),
            try directory.value(.sampleFormat, default: 1) == 1,
            try bands == 1 || directory.value(.planarConfiguration, default: 1) == 1
        else {
            let kinds = "16-bit bands, interleaved by pixel, with deflate, Zstandard or no compression"
            throw PipelineError(
                .unsupported,
                "\(store)/\(key) is a TIFF of another kind than safe2cog writes: \(kinds)"
            )
        }
        self.compression = compression
        georeference = try directory.georeference()
        hasPredictor = try directory.value(.predictor, default: 1) == 2
        let (offsets, counts) = (try directory.values(.tileOffsets), try directory.values(.tileByteCounts))
        let size = try file.size()
        tiles = try zip(offsets, counts).map { offset, count in
            guard offset >= 0, count >= 0, offset <= size - count else { throw directory.malformed() }
            return offset..<(offset + count)
        }
        guard (1...(1 << 20)).contains(width), (1...(1 << 20)).contains(height), tileWidth > 0, tileHeight > 0,
            (1...64).contains(bands),
            tileWidth <= 1 << 14, tileHeight <= 1 << 14,
            tileWidth * tileHeight * bands <= Self.mostTileSamples, tiles.count >= tileColumns * tileRows,
            // What does not compress grows a little.
            tiles.allSatisfy({ $0.count <= 4 * tileWidth * tileHeight * bands + 65_536 })
        else { throw directory.malformed() }
    }

    /// Where the pixels lie, of which ``georeference`` has not the size.
    var grid: PixelGrid {
        let metres = Int(exactly: georeference.pixelSize) ?? 0
        return PixelGrid(width: width, height: height, left: georeference.west, top: georeference.north, metres: metres)
    }

    /// The numbers of the tiles that a window touches, row by row.
    func tiles(touching window: PixelWindow) -> [Int] {
        guard !window.isEmpty else { return [] }
        let columns = (window.columns.lowerBound / tileWidth)...((window.columns.upperBound - 1) / tileWidth)
        let rows = (window.rows.lowerBound / tileHeight)...((window.rows.upperBound - 1) / tileHeight)
        return rows.flatMap { row in columns.map { row * tileColumns + $0 } }
    }

    /// The pixels that a tile covers, beyond the image's edges too.
    func window(of tile: Int) -> PixelWindow {
        PixelWindow(
            x: tile % tileColumns * tileWidth,
            y: tile / tileColumns * tileHeight,
            width: tileWidth,
            height: tileHeight
        )
    }
}
