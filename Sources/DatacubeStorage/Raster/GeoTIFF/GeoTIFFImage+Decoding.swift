// Predictor 2: TIFF 6.0, section 14. Zstandard as compression 50000: https://gdal.org/drivers/raster/gtiff.html

extension GeoTIFFImage {
    /// Decodes a window of some bands, neighbouring tiles read by one request.
    ///
    /// - Parameters:
    ///   - window: Within the image.
    ///   - wanted: Positions of bands, in the order in which they are wanted; nil for all.
    ///   - pixels: `(band, y, x)`, exactly the window's.
    /// - Throws: ``PipelineError`` naming the file and the tile that is damaged.
    func decode(
        _ window: PixelWindow,
        bands wanted: [Int]? = nil,
        into pixels: UnsafeMutableBufferPointer<UInt16>
    ) throws {
        let wanted = wanted ?? Array(0..<bands)
        guard PixelWindow(x: 0, y: 0, width: width, height: height).contains(window) else {
            let wanted =
                "columns \(window.columns.lowerBound) to \(window.columns.upperBound), rows "
                + "\(window.rows.lowerBound) to \(window.rows.upperBound)"
            throw PipelineError(.mismatch, "\(path) has \(width) x \(height) pixels; \(wanted) are not in it")
        }
        precondition(pixels.count == wanted.count * window.pixelCount, "the buffer has another size than the window")
        // Nothing is stored of tiles that hold nothing.
        for tile in tiles(touching: window) where tiles[tile].isEmpty {
            unsafe clear(tile, bands: wanted.count, window: window, in: pixels)
        }
        var scratch = [UInt16](repeating: 0, count: tileWidth * tileHeight * bands)
        for run in runs(of: tiles(touching: window)) {
            guard let bytes = try store.get(key, range: run.range) else {
                throw PipelineError(.notFound, "\(path) does not exist; convert the product again")
            }
            for tile in run.tiles {
                let part = bytes[
                    (tiles[tile].lowerBound - run.range.lowerBound)..<(tiles[tile].upperBound - run.range.lowerBound)
                ]
                try decompress(part, tile: tile, into: &scratch)
                unsafe spread(scratch, tile: tile, bands: wanted, window: window, into: pixels)
            }
        }
    }

    /// Lets a disk begin with what a window needs.
    func announce(_ window: PixelWindow) throws {
        try store.reader(of: key)?.announce(runs(of: tiles(touching: window)).map(\.range))
    }

    private func clear(
        _ tile: Int,
        bands count: Int,
        window: PixelWindow,
        in pixels: UnsafeMutableBufferPointer<UInt16>
    ) {
        let area = self.window(of: tile).intersection(window)
        for band in 0..<count {
            for row in area.rows {
                let start =
                    band * window.pixelCount + (row - window.rows.lowerBound) * window.width
                    + area.columns.lowerBound - window.columns.lowerBound
                unsafe pixels[start..<(start + area.width)].update(repeating: 0)
            }
        }
    }

    /// Tiles whose bytes are read at once; those without bytes are left out.
    private func runs(of wanted: [Int]) -> [(range: Range<Int>, tiles: [Int])] {
        let stored = wanted.filter { !tiles[$0].isEmpty }.sorted { tiles[$0].lowerBound < tiles[$1].lowerBound }
        // GDAL puts the length of each tile before it and its last bytes once more behind it: 8 bytes between two.
        let gap = max(store.properties.rangeGap, 8)
        return ByteRun.joining(stored.map { tiles[$0] }, gap: gap).map { ($0.range, Array(stored[$0.members])) }
    }

    private func decompress(_ bytes: ArraySlice<UInt8>, tile: Int, into pixels: inout [UInt16]) throws {
        do {
            try unsafe bytes.withUnsafeBytes { source in
                try unsafe pixels.withUnsafeMutableBytes { target in
                    DecodedBytes.add(target.count)
                    switch compression {
                    case .zstd:
                        guard try unsafe Zstandard.decompress(source, into: target) == target.count else {
                            throw PipelineError(.corrupt, "wrong length")
                        }
                    case .deflate: try unsafe Zlib.decompress(source, into: target)
                    case .none:
                        guard source.count == target.count else { throw PipelineError(.corrupt, "wrong length") }
                        unsafe target.copyMemory(from: source)
                    }
                }
            }
        } catch {
            let (column, row) = (tile % tileColumns, tile / tileColumns)
            let place = "\(path): tile \(column), \(row) is damaged, convert the product again"
            throw PipelineError.told(error, within: place)
        }
    }

    /// Undoes the predictor and brings what the window wants from pixel order to band order.
    ///
    /// Rows are differences to the pixel on the left, so each is summed up from the tile's edge.
    private func spread(
        _ tilePixels: [UInt16],
        tile: Int,
        bands wanted: [Int],
        window: PixelWindow,
        into pixels: UnsafeMutableBufferPointer<UInt16>
    ) {
        let place = self.window(of: tile)
        let area = place.intersection(window)
        let first = area.columns.lowerBound - place.columns.lowerBound
        unsafe tilePixels.withUnsafeBufferPointer { source in
            guard let source = source.baseAddress, let target = pixels.baseAddress else { return }
            for row in area.rows {
                let line = unsafe source + (row - place.rows.lowerBound) * tileWidth * bands
                let start =
                    (row - window.rows.lowerBound) * window.width + area.columns.lowerBound - window.columns.lowerBound
                for (position, band) in wanted.enumerated() {
                    let output = unsafe target + position * window.pixelCount + start
                    var sum: UInt16 = 0
                    if hasPredictor { for column in 0..<first { sum &+= unsafe line[column * bands + band] } }
                    for column in 0..<area.width {
                        let value = unsafe line[(first + column) * bands + band]
                        sum = hasPredictor ? sum &+ value : value
                        unsafe output[column] = sum
                    }
                }
            }
        }
    }
}
