/// One band file: its size, its tiles and where each lies in the file.
///
/// Holds no open file, so it can be kept for every band and date of a year: a full-size 10 m band has 121 tiles,
/// about 4 KB of index.
public struct JPEG2000Image: Sendable {
    /// The file.
    public let path: String
    private let header: CodestreamHeader
    private let index: TilePartIndex

    /// Reads the main header and the tile-part headers, not the pixels.
    ///
    /// - Throws: ``PipelineError`` when the file is empty, truncated, damaged or not one unsigned component of at
    ///   most 16 bits.
    public init(file path: String) throws(PipelineError) {
        self.path = path
        let file = try LocalFile(reading: path)
        header = try CodestreamHeader(file)
        guard header.componentCount == 1, header.precision <= 16, !header.isSigned else {
            let kind =
                "\(header.componentCount) \(header.isSigned ? "signed " : "")component(s) of \(header.precision) bits"
            throw PipelineError(
                .unsupported,
                "\(path) has \(kind); a band has one unsigned component of at most 16 bits"
            )
        }
        index = try TilePartIndex(file, header)
    }

    /// Columns.
    public var width: Int { header.width }
    /// Rows.
    public var height: Int { header.height }
    /// Columns of a tile; those at the right edge may have fewer.
    public var tileWidth: Int { header.tileWidth }
    /// Rows of a tile; those at the lower edge may have fewer.
    public var tileHeight: Int { header.tileHeight }

    /// The tiles that a window touches.
    public func tiles(touching window: PixelWindow) -> [JPEG2000Tile] {
        let inside = window.intersection(PixelWindow(x: 0, y: 0, width: width, height: height))
        guard !inside.isEmpty else { return [] }
        let columns = (inside.columns.lowerBound / tileWidth)...((inside.columns.upperBound - 1) / tileWidth)
        let rows = (inside.rows.lowerBound / tileHeight)...((inside.rows.upperBound - 1) / tileHeight)
        return rows.flatMap { row in columns.map { tile(column: $0, row: row) } }
    }

    private func tile(column: Int, row: Int) -> JPEG2000Tile {
        let x = column * tileWidth
        let y = row * tileHeight
        return JPEG2000Tile(
            number: row * header.tileColumns + column,
            window: PixelWindow(columns: x..<min(x + tileWidth, width), rows: y..<min(y + tileHeight, height))
        )
    }

    /// Decodes the part of a tile that lies in `window` to where it belongs in a raster of that window.
    ///
    /// - Parameters:
    ///   - tile: One of ``tiles(touching:)``.
    ///   - window: What `raster` shows.
    ///   - raster: `window.pixelCount` samples, row by row; only those of the tile are written.
    /// - Throws: ``PipelineError`` with OpenJPEG's words when the tile is damaged.
    public func decode(
        _ tile: JPEG2000Tile,
        of window: PixelWindow,
        into raster: UnsafeMutableBufferPointer<UInt16>
    ) throws {
        precondition(raster.count >= window.pixelCount, "the raster is smaller than the window")
        try decode(tile, within: window) { row, columns, samples in
            let start = (row - window.rows.lowerBound) * window.width + columns.lowerBound - window.columns.lowerBound
            let target = unsafe UnsafeMutableBufferPointer(rebasing: raster[start..<(start + columns.count)])
            unsafe samples.narrow(0..<columns.count, into: target)
        }
    }

    /// Decodes the part of a tile that lies in `window` and lends its rows one after another.
    ///
    /// Only the bytes of that tile are read, and only the code-blocks that touch the window are decoded.
    ///
    /// - Parameters:
    ///   - tile: One of ``tiles(touching:)``.
    ///   - window: The pixels that are wanted.
    ///   - use: Gets the image row, the image columns and their samples.
    /// - Throws: ``PipelineError`` with OpenJPEG's words when the tile is damaged.
    public func decode(
        _ tile: JPEG2000Tile,
        within window: PixelWindow,
        _ use: (_ row: Int, _ columns: Range<Int>, _ samples: DecodedSamples) -> Void
    ) throws(PipelineError) {
        let area = tile.window.intersection(window)
        guard !area.isEmpty else { return }
        let decoder = try CodestreamDecoder(codestream(of: tile), path: path)
        try unsafe decoder.decode(area) { samples in
            for (index, row) in area.rows.enumerated() {
                let part = unsafe UnsafeBufferPointer(rebasing: samples[(index * area.width)..<((index + 1) * area.width)])
                unsafe use(row, area.columns, DecodedSamples(part))
            }
        }
    }

    /// Bytes of the file that decoding a tile reads.
    public func byteCount(of tile: JPEG2000Tile) -> Int {
        index.parts[tile.number].reduce(0) { $0 + $1.count }
    }

    /// Main header, the tile's parts, end marker: a valid codestream that holds one tile.
    private func codestream(of tile: JPEG2000Tile) throws(PipelineError) -> [UInt8] {
        let file = try LocalFile(reading: path)
        let parts = index.parts[tile.number]
        let headerCount = header.bytes.count
        let total = headerCount + parts.reduce(0) { $0 + $1.count } + 2
        do {
            return try unsafe [UInt8](unsafeUninitializedCapacity: total) { buffer, initialized in
                let bytes = UnsafeMutableRawBufferPointer(buffer)
                unsafe bytes.copyBytes(from: header.bytes)
                var position = headerCount
                for part in parts {
                    let target = unsafe UnsafeMutableRawBufferPointer(
                        rebasing: bytes[position..<(position + part.count)]
                    )
                    try unsafe file.read(into: target, at: part.lowerBound)
                    position += part.count
                }
                unsafe bytes[position] = 0xFF
                unsafe bytes[position + 1] = 0xD9
                initialized = total
            }
        } catch {
            throw PipelineError.wrapping(error)
        }
    }
}

/// Samples as OpenJPEG decodes them; valid only during the call that lends them.
@safe public struct DecodedSamples {
    private let samples: UnsafeBufferPointer<Int32>

    init(_ samples: UnsafeBufferPointer<Int32>) {
        unsafe self.samples = unsafe samples
    }

    /// Stores the samples of `columns`, counted from the first, as 16-bit pixels.
    @inline(__always)
    public func narrow(_ columns: Range<Int>, into pixels: UnsafeMutableBufferPointer<UInt16>) {
        unsafe precondition(columns.lowerBound >= 0 && columns.upperBound <= samples.count && pixels.count >= columns.count)
        guard let from = unsafe samples.baseAddress, let to = pixels.baseAddress else { return }
        let start = unsafe from + columns.lowerBound
        for index in 0..<columns.count { unsafe to[index] = UInt16(truncatingIfNeeded: start[index]) }
    }
}

/// One tile of a band file.
public struct JPEG2000Tile: Sendable {
    /// Position in the tile grid, row by row.
    let number: Int
    /// The pixels that it covers.
    public let window: PixelWindow
}
