/// The dates of one chunk along time, at one resolution: all of space, block by block.
struct TimeChunkConversion: Sendable {
    // Pixels of all blocks in flight. Besides them each thread holds one JPEG 2000 tile (4 MB of samples and its
    // compressed bytes) and one compressed chunk (at most 31 MB), so the whole stays below 3 GiB on 4 cores.
    private static let pixelBytes = 1792 << 20

    private let update: CubeUpdate
    private let dates: Range<Int>
    private let timeChunk: Int
    private let array: ZarrArray
    private let executor: BlockingExecutor

    init(_ update: CubeUpdate, number: Int, array: ZarrArray, executor: BlockingExecutor) {
        self.update = update
        dates = update.dates(ofTimeChunk: number)
        timeChunk = number
        self.array = array
        self.executor = executor
    }

    /// Decodes what is not in the store yet, and writes every chunk of these dates once.
    func run(_ progress: Progress) async throws {
        let side = try blockSide()
        let grid = update.schema.grid
        let windows = PixelWindow.blocks(width: grid.width, height: grid.height, blockWidth: side, blockHeight: side)
        let bytes = ChunkBlock.byteCount(side, of: update.schema)
        // Two, so that one block's decoding fills the threads that the other's last chunks leave idle; more where
        // many threads share small blocks.
        let wanted = 2 + executor.width / 16
        let inFlight = max(1, min(wanted, Self.pixelBytes / bytes))
        try await forEachConcurrently(windows, limit: inFlight) { window in
            let block = try ChunkBlock(window, update: update, dates: dates, timeChunk: timeChunk, array: array)
            try await executor.forEach(block.readCount) { try block.readStored($0) }
            try await executor.forEach(block.decodeCount) { progress.advance(by: try block.decode($0)) }
            try await executor.forEach(block.chunkCount) { try block.write($0) }
        }
    }

    /// Makes some chunks again, by row and column, with all dates that the array has in them, from the products alone.
    func restore(_ positions: [(row: Int, column: Int)], dates: Range<Int>) async throws {
        let side = update.schema.chunkSide
        let grid = update.schema.grid
        let windows = positions.map { position in
            PixelWindow(
                columns: (position.column * side)..<min((position.column + 1) * side, grid.width),
                rows: (position.row * side)..<min((position.row + 1) * side, grid.height)
            )
        }
        for window in windows {
            let block = try ChunkBlock(
                window,
                update: update,
                dates: dates,
                timeChunk: timeChunk,
                array: array,
                takesStored: false
            )
            try await executor.forEach(block.decodeCount) { _ = try block.decode($0) }
            try await executor.forEach(block.chunkCount) { try block.write($0) }
        }
    }

    /// The side of blocks where JPEG 2000 tiles and chunks end together, so that no tile is decoded twice.
    ///
    /// That is 1024 pixels at 10 m, 2560 at 20 m, 1536 at 60 m for chunks of 512. Where it would not fit into memory, as
    /// with chunks of 70, blocks are as large as may be: what lies along their borders is decoded for both sides.
    private func blockSide() throws -> Int {
        let chunk = update.schema.chunkSide
        var side = chunk
        for date in dates where update.storedDate(date) == nil {
            guard let images = update.dates[date].images else { continue }
            for band in update.resolution.bands {
                let image = images.image(band)
                side = leastCommonMultiple(side, min(image.tileWidth, image.width))
                side = leastCommonMultiple(side, min(image.tileHeight, image.height))
            }
        }
        let whole = max(update.schema.grid.width, update.schema.grid.height)
        side = min(side, (whole + chunk - 1) / chunk * chunk)
        func fits(_ side: Int) -> Bool { ChunkBlock.byteCount(side, of: update.schema) <= Self.pixelBytes / 2 }
        if fits(side) { return side }
        side = chunk
        while fits(side + chunk) { side += chunk }
        return side
    }

    private func leastCommonMultiple(_ one: Int, _ other: Int) -> Int {
        var (a, b) = (one, other)
        while b != 0 { (a, b) = (b, a % b) }
        // Beyond any image the exact value no longer matters.
        return min(one / a * other, 1 << 24)
    }
}
