extension JPEG2000Image {
    /// Decodes the part of a tile that lies in `window` to where it belongs in a raster of that window.
    ///
    /// - Parameters:
    ///   - tile: One of ``tiles(touching:)``.
    ///   - window: What `raster` shows.
    ///   - raster: `window.pixelCount` samples, row by row; only those of the tile are written.
    /// - Throws: ``PipelineError`` when the tile is damaged.
    public func decode(
        _ tile: JPEG2000Tile,
        of window: PixelWindow,
        into raster: UnsafeMutableBufferPointer<UInt16>
    ) throws {
        try unsafe decode(tile, parts: TileParts(of: [tile], in: self), of: window, into: raster)
    }

    /// Decodes a window of the image, reading neighbouring tiles by one request.
    ///
    /// - Parameters:
    ///   - window: Within the image.
    ///   - raster: `window.pixelCount` samples, row by row.
    /// - Throws: ``PipelineError`` when a tile is damaged.
    public func decode(_ window: PixelWindow, into raster: UnsafeMutableBufferPointer<UInt16>) throws {
        let tiles = tiles(touching: window)
        let parts = try TileParts(of: tiles, in: self)
        for tile in tiles { try unsafe decode(tile, parts: parts, of: window, into: raster) }
    }

    private func decode(
        _ tile: JPEG2000Tile,
        parts: TileParts,
        of window: PixelWindow,
        into raster: UnsafeMutableBufferPointer<UInt16>
    ) throws {
        precondition(raster.count >= window.pixelCount, "the raster is smaller than the window")
        try decode(tile, parts: parts, within: window) { row, columns, samples in
            let start = (row - window.rows.lowerBound) * window.width + columns.lowerBound - window.columns.lowerBound
            let target = unsafe UnsafeMutableBufferPointer(rebasing: raster[start..<(start + columns.count)])
            unsafe samples.copy(0..<columns.count, to: target)
        }
    }

    /// Lets a disk begin with what a window needs.
    func announce(_ window: PixelWindow) throws {
        let parts = tiles(touching: window).flatMap { index.parts[$0.number] }.sorted { $0.lowerBound < $1.lowerBound }
        try store.reader(of: key)?.announce(ByteRun.joining(parts, gap: 0).map(\.range))
    }

    /// Decodes the part of a tile that lies in `window` and lends its rows one after another.
    ///
    /// Only the bytes of that tile are read, and only the code-blocks that touch the window are decoded.
    ///
    /// - Parameters:
    ///   - tile: One of ``tiles(touching:)``.
    ///   - window: The pixels that are wanted.
    ///   - use: Gets the image row, the image columns and their samples.
    /// - Throws: ``PipelineError`` when the tile is damaged.
    public func decode(
        _ tile: JPEG2000Tile,
        within window: PixelWindow,
        use: (_ row: Int, _ columns: Range<Int>, _ samples: DecodedSamples) -> Void
    ) throws {
        try decode(tile, parts: TileParts(of: [tile], in: self), within: window, use: use)
    }

    private func decode(
        _ tile: JPEG2000Tile,
        parts: TileParts,
        within window: PixelWindow,
        use: (_ row: Int, _ columns: Range<Int>, _ samples: DecodedSamples) -> Void
    ) throws {
        let area = tile.window.intersection(window)
        guard !area.isEmpty else { return }
        DecodedBytes.add(area.pixelCount * MemoryLayout<UInt16>.stride)
        let row = SampleRow(width: area.width, precision: header.precision)
        if let style, let packets = try parts.packets(of: tile) {
            let decoder = TileDecoder(style, tile: tile.window, window: area)
            unsafe try packets.withUnsafeBufferPointer { packets throws(PipelineError) in
                try unsafe decoder.decode(packets, path: path) { y, samples in
                    unsafe use(y, area.columns, row.shifted(samples))
                }
            }
        } else {
            let decoder = try CodestreamDecoder(parts.codestream(of: tile), path: path)
            try unsafe decoder.decode(area) { samples in
                for (index, y) in area.rows.enumerated() {
                    guard let first = samples.baseAddress else { return }
                    unsafe use(y, area.columns, row.narrowed(first + index * area.width))
                }
            }
        }
    }
}

/// A row of pixels on its way out of a decoder.
@safe private struct SampleRow: ~Copyable {
    private let pixels: UnsafeMutableBufferPointer<UInt16>
    private let half: Int32
    private let largest: Int32

    init(width: Int, precision: Int) {
        unsafe pixels = .allocate(capacity: width)
        half = 1 << Int32(precision - 1)
        largest = 2 * half - 1
    }

    deinit { unsafe pixels.deallocate() }

    /// Lends samples around 0 as pixels, within their range (T.800, G.1.2).
    func shifted(_ samples: UnsafePointer<Int32>) -> DecodedSamples {
        for x in unsafe 0..<pixels.count {
            unsafe pixels[x] = UInt16(truncatingIfNeeded: max(0, min(largest, samples[x] &+ half)))
        }
        return unsafe DecodedSamples(UnsafeBufferPointer(pixels))
    }

    /// Lends samples that OpenJPEG has shifted.
    func narrowed(_ samples: UnsafePointer<Int32>) -> DecodedSamples {
        for x in unsafe 0..<pixels.count { unsafe pixels[x] = UInt16(truncatingIfNeeded: samples[x]) }
        return unsafe DecodedSamples(UnsafeBufferPointer(pixels))
    }
}

/// The bytes of some tiles of one file.
private struct TileParts {
    /// A piece of the file and what it holds.
    private typealias Run = (range: Range<Int>, bytes: [UInt8])

    private let image: JPEG2000Image
    private let runs: [Run]

    /// Reads the tile-parts, those that follow one another in the file at once.
    init(of tiles: [JPEG2000Tile], in image: JPEG2000Image) throws {
        self.image = image
        let parts = tiles.flatMap { image.index.parts[$0.number] }.sorted { $0.lowerBound < $1.lowerBound }
        runs = try ByteRun.joining(parts, gap: 0).map(\.range).map { range in
            guard let bytes = try image.store.get(image.key, range: range) else {
                throw PipelineError(.notFound, "\(image.path) does not exist; fetch the product again")
            }
            return (range, bytes)
        }
    }

    /// The packets of a tile, without what surrounds them in the file; nil where a tile-part has a coding of its own.
    func packets(of tile: JPEG2000Tile) throws(PipelineError) -> ArraySlice<UInt8>? {
        var packets: ArraySlice<UInt8> = []
        for part in image.index.parts[tile.number] {
            guard let run = runs.first(where: { $0.range.contains(part.lowerBound) }) else { continue }
            let start = part.lowerBound - run.range.lowerBound
            let reader = MarkerReader(path: image.path, bytes: run.bytes)
            guard let header = try? MarkerSegments(reader, from: start + 12), header.end + 2 <= start + part.count
            else {
                throw .undecodable(image.path, reason: "the header of a tile-part is damaged")
            }
            guard header.codes.isSubset(of: CodingStyle.understoodInTileParts) else { return nil }
            let data = run.bytes[(header.end + 2)..<(start + part.count)]
            packets = packets.isEmpty ? data : packets + data
        }
        return packets
    }

    /// Main header, the tile's parts, end marker: a valid codestream that holds one tile.
    func codestream(of tile: JPEG2000Tile) -> [UInt8] {
        var bytes = image.header.bytes
        let parts = image.index.parts[tile.number]
        bytes.reserveCapacity(bytes.count + parts.reduce(2) { $0 + $1.count })
        for part in parts {
            guard let run = runs.first(where: { $0.range.contains(part.lowerBound) }) else { continue }
            bytes += run.bytes[(part.lowerBound - run.range.lowerBound)..<(part.upperBound - run.range.lowerBound)]
        }
        return bytes + [0xFF, 0xD9]
    }
}
