/// One band file: its size, its tiles and where each lies in the file.
///
/// Holds no open file, so it can be kept for every band and date of a year: a full-size 10 m band has 121 tiles,
/// about 4 KB of index.
public struct JPEG2000Image: Sendable {
    /// Where the file lies.
    public let store: any ObjectStore
    /// Its key there.
    public let key: String
    let header: CodestreamHeader
    let index: TilePartIndex
    /// What ``TileDecoder`` needs to know; nil when OpenJPEG has to decode.
    let style: CodingStyle?

    /// What error texts call the file; its path in a folder.
    public var path: String { "\(store)/\(key)" }

    /// Reads the main header and the tile-part headers of a file on this machine, not the pixels.
    ///
    /// - Throws: ``PipelineError`` when the file is empty, truncated, damaged or not one unsigned component of at
    ///   most 16 bits.
    public init(file path: String) throws {
        try self.init(LocalStore(root: FileSystem.parent(of: path)), key: FileSystem.name(of: path))
    }

    /// Reads the main header and the tile-part headers, of which there is about one for each tile: on S3 each costs
    /// a request, so that an index made before is worth having.
    ///
    /// - Throws: ``PipelineError`` as for a file.
    public init(_ store: any ObjectStore, key: String) throws {
        guard let file = try store.reader(of: key) else {
            throw PipelineError(.notFound, "\(store)/\(key) does not exist or is not a file; fetch the product again")
        }
        let header = try CodestreamHeader(file, path: "\(store)/\(key)")
        try self.init(
            store,
            key: key,
            header: header,
            index: TilePartIndex(file, header: header, path: "\(store)/\(key)")
        )
    }

    init(
        _ store: any ObjectStore,
        key: String,
        header: CodestreamHeader,
        index: TilePartIndex
    ) throws(PipelineError) {
        guard header.componentCount == 1, header.precision <= 16, !header.isSigned else {
            let kind =
                "\(header.componentCount) \(header.isSigned ? "signed " : "")component(s) of \(header.precision) bits"
            throw PipelineError(
                .unsupported,
                "\(store)/\(key) has \(kind); a band has one unsigned component of at most 16 bits"
            )
        }
        self.store = store
        self.key = key
        self.header = header
        self.index = index
        style = CodingStyle(header, path: "\(store)/\(key)")
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

    /// Bytes of the file that decoding a tile reads.
    public func byteCount(of tile: JPEG2000Tile) -> Int {
        index.parts[tile.number].reduce(0) { $0 + $1.count }
    }
}

/// Samples of a row; valid only during the call that lends them.
@safe public struct DecodedSamples {
    private let samples: UnsafeBufferPointer<UInt16>

    init(_ samples: UnsafeBufferPointer<UInt16>) {
        unsafe self.samples = unsafe samples
    }

    /// Copies the samples of `columns`, counted from the first.
    @inline(__always)
    public func copy(_ columns: Range<Int>, to pixels: UnsafeMutableBufferPointer<UInt16>) {
        let part = unsafe UnsafeBufferPointer(rebasing: samples[columns])
        _ = unsafe pixels.update(fromContentsOf: part)
    }
}

/// One tile of a band file.
public struct JPEG2000Tile: Sendable {
    /// Position in the tile grid, row by row.
    let number: Int
    /// The pixels that it covers.
    public let window: PixelWindow
}
