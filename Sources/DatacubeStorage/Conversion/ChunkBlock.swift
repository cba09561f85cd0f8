/// The pixels of some neighbouring chunks, all dates of a chunk deep, from JPEG 2000 tiles to encoded chunks.
///
/// Lies in memory chunk by chunk, each in the order in which it is encoded, so that decoded rows are stored where the
/// encoder reads them and nothing is copied in between.
struct ChunkBlock: Sendable {
    private struct DecodeItem: Sendable {
        let date: Int
        let band: Int
        let image: JPEG2000Image
        let tile: JPEG2000Tile
        let product: String
    }

    private let window: PixelWindow
    private let update: CubeUpdate
    private let dates: Range<Int>
    private let timeChunk: Int
    private let array: ZarrArray
    private let chunks: [PixelWindow]
    private let items: [DecodeItem]
    private let stored: [StoredDates]
    private let pixels: PixelBuffer<UInt16>

    /// Bytes of a block's pixels.
    static func byteCount(_ side: Int, of schema: CubeSchema) -> Int {
        let padded = (side + schema.chunkSide - 1) / schema.chunkSide * schema.chunkSide
        return padded * padded * schema.chunking.dates * schema.resolution.bands.count * 2
    }

    /// `takesStored` says whether dates that a cube has already are taken from there.
    init(
        _ window: PixelWindow,
        update: CubeUpdate,
        dates: Range<Int>,
        timeChunk: Int,
        array: ZarrArray,
        takesStored: Bool = true
    ) throws {
        self.window = window
        self.update = update
        self.dates = dates
        self.timeChunk = timeChunk
        self.array = array
        let side = update.schema.chunkSide
        chunks = PixelWindow.blocks(width: window.width, height: window.height, blockWidth: side, blockHeight: side).map
        {
            PixelWindow(
                columns: ($0.columns.lowerBound + window.columns.lowerBound)..<($0.columns.upperBound
                    + window.columns.lowerBound),
                rows: ($0.rows.lowerBound + window.rows.lowerBound)..<($0.rows.upperBound + window.rows.lowerBound)
            )
        }
        let stored = takesStored ? StoredDates.runs(of: dates, update: update) : []
        items = Self.items(
            window,
            update: update,
            dates: dates.filter { date in !stored.contains { $0.dates ~= date } }
        )
        self.stored = stored
        pixels = try PixelBuffer<UInt16>(zeroed: chunks.count * array.chunkByteCount / 2)
    }

    private static func items(_ window: PixelWindow, update: CubeUpdate, dates: [Int]) -> [DecodeItem] {
        dates.flatMap { date -> [DecodeItem] in
            guard let images = update.dates[date].images else { return [] }
            return update.resolution.bands.enumerated().flatMap { index, band in
                let image = images.image(band)
                return image.tiles(touching: window).map {
                    DecodeItem(date: date, band: index, image: image, tile: $0, product: images.product.identifier)
                }
            }
        }
    }

    /// Chunks to write.
    var chunkCount: Int { chunks.count }
    /// Tiles to decode.
    var decodeCount: Int { items.count }
    /// Chunks to fill with dates that a cube has already.
    var readCount: Int { stored.isEmpty ? 0 : chunks.count }

    /// Takes the dates that are stored already for one of the chunks.
    func readStored(_ index: Int) throws { for run in stored { try read(run, chunk: index) } }

    private func read(_ run: StoredDates, chunk index: Int) throws {
        let chunk = chunks[index]
        let bands = update.resolution.bands.count
        var rows = [UInt16](repeating: 0, count: run.dates.count * bands * chunk.pixelCount)
        try unsafe rows.withUnsafeMutableBytes {
            try unsafe run.array.read(region: [run.stored, 0..<bands, chunk.rows, chunk.columns], into: $0)
        }
        let firstPlane = (run.dates.lowerBound - dates.lowerBound) * bands
        unsafe pixels.withPlanes(1) { planes in
            let all = unsafe planes[0]
            for plane in 0..<(run.dates.count * bands) {
                for row in 0..<chunk.height {
                    let from = (plane * chunk.height + row) * chunk.width
                    let to = offset(chunk: index, plane: firstPlane + plane, row: row)
                    for column in 0..<chunk.width { unsafe all[to + column] = rows[from + column] }
                }
            }
        }
    }

    /// Decodes one tile of one band and date into the chunks that it touches.
    ///
    /// - Returns: pixels decoded.
    func decode(_ index: Int) throws -> Int {
        let item = items[index]
        let side = update.schema.chunkSide
        let chunkColumns = (window.width + side - 1) / side
        let plane = (item.date - dates.lowerBound) * update.resolution.bands.count + item.band
        try ProductFailure.attributing(to: item.product) {
            try item.image.decode(item.tile, within: window) { row, columns, samples in
                let inRow = row - window.rows.lowerBound
                var column = columns.lowerBound
                while column < columns.upperBound {
                    let inWindow = column - window.columns.lowerBound
                    let end = min(columns.upperBound, column - inWindow % side + side)
                    let chunk = inRow / side * chunkColumns + inWindow / side
                    let start = offset(chunk: chunk, plane: plane, row: inRow % side) + inWindow % side
                    unsafe pixels.withPixels(start..<(start + end - column)) {
                        unsafe samples.copy((column - columns.lowerBound)..<(end - columns.lowerBound), to: $0)
                    }
                    column = end
                }
            }
        }
        return item.tile.window.intersection(window).pixelCount
    }

    /// Encodes and writes one chunk.
    func write(_ index: Int) throws {
        let chunk = chunks[index]
        let side = update.schema.chunkSide
        let size = array.chunkByteCount / 2
        try unsafe pixels.withPixels((index * size)..<((index + 1) * size)) {
            _ = try unsafe array.writeChunk(
                at: [timeChunk, 0, chunk.rows.lowerBound / side, chunk.columns.lowerBound / side],
                from: UnsafeRawBufferPointer($0)
            )
        }
    }

    private func offset(chunk: Int, plane: Int, row: Int) -> Int {
        let side = update.schema.chunkSide
        return chunk * array.chunkByteCount / 2 + (plane * side + row) * side
    }
}

/// Neighbouring dates of a block that stand side by side in a cube that is there.
private struct StoredDates: Sendable {
    let array: ZarrArray
    /// In the cube to be.
    var dates: Range<Int>
    /// In the cube that is there.
    var stored: Range<Int>

    static func runs(of dates: Range<Int>, update: CubeUpdate) -> [StoredDates] {
        var runs: [StoredDates] = []
        for date in dates {
            guard let (cube, index) = update.storedDate(date) else { continue }
            if let last = runs.last, last.dates.upperBound == date, last.stored.upperBound == index,
                (date < update.completed) == (date - 1 < update.completed)
            {
                runs[runs.count - 1].dates = last.dates.lowerBound..<(date + 1)
                runs[runs.count - 1].stored = last.stored.lowerBound..<(index + 1)
            } else {
                runs.append(StoredDates(array: cube.data, dates: date..<(date + 1), stored: index..<(index + 1)))
            }
        }
        return runs
    }
}
