/// The chunks, or the shards, of one Zarr array a resolution.
struct CubeSource: PatchSource {
    /// All data of the format; the cubes' own store may be an object in it.
    let store: any ObjectStore
    let identifiers: [String]
    let geocoding: TileGeocoding
    private let place: CubePlace
    let cubes: [Resolution: Cube]

    let isInExactOrder = true

    /// Takes the cubes of a tile-year, see ``CubePlace/vouchedCubes(_:on:)``.
    init(_ place: CubePlace, cubes: [Resolution: Cube], in store: any ObjectStore, resolutions: [Resolution]) throws {
        if let absent = resolutions.first(where: { cubes[$0] == nil }) {
            throw try CubeSurvey.absent(place, resolution: absent)
        }
        let dates = cubes.values.map { $0.steps.map(\.productIdentifier) }
        guard let first = dates.first, dates.allSatisfy({ $0 == first }) else {
            throw PipelineError(.mismatch, "\(place): the resolutions have other dates; run safe2zarr again")
        }
        self.place = place
        self.store = store
        identifiers = first
        geocoding = try Self.geocoding(of: cubes, at: place)
        self.cubes = cubes
    }

    private static func geocoding(of cubes: [Resolution: Cube], at place: CubePlace) throws -> TileGeocoding {
        for (resolution, cube) in cubes {
            let shape = cube.data.metadata.shape
            guard shape[1] == resolution.bands.count, try cube.geocoding().grids.keys.first == resolution else {
                let found = "\(place)/\(resolution.name) has \(shape[1]) bands or pixels of another size"
                throw PipelineError(.mismatch, "\(found) than \(resolution.name) bands; convert it again")
            }
        }
        guard let geocoding = try TileGeocoding(of: Array(cubes.values)) else {
            throw PipelineError(.notFound, "\(place): there is no resolution to load")
        }
        return geocoding
    }

    /// Indices of shards that no window touched before have to be read first; so have beginnings of distant chunks.
    func reading(_ windows: [PatchWindow], products: [Int], threads: Int) throws -> PatchReading {
        let parts = try windows.flatMap { try self.parts(of: $0, products: products) }
        let preparations = parts.flatMap { part in
            part.array.unprepared(part.chunks).map { chunk -> PatchReading.Piece in
                { try part.array.prepare(chunk) }
            }
        }
        let most = parts.map(\.array.mostReads).min() ?? .max
        return PatchReading(preparations: preparations, atMost: most) {
            try parts.flatMap { announcements(of: $0) }
                + parts.flatMap { try pieces(of: $0, threads: threads) }
        }
    }

    private func announcements(of part: Part) -> [PatchReading.Piece] {
        guard part.array.store.properties.takesAnnouncements else { return [] }
        return part.chunks.selections.map { chunk in
            { try DecodeScratch.withScratch { try part.array.announce(chunk, scratch: $0) } }
        }
    }

    private func pieces(of part: Part, threads: Int) throws -> [PatchReading.Piece] {
        try part.array.parts(of: part.chunks, threads: threads).map { piece in
            {
                try unsafe part.pixels.withPixels(part.place) { pixels in
                    let destination = UnsafeMutableRawBufferPointer(pixels)
                    try DecodeScratch.withScratch { try unsafe part.array.read(piece, into: destination, scratch: $0) }
                }
            }
        }
    }

    /// Chunks that hold nothing but nodata are not stored.
    func objects(_ window: PatchWindow, products: [Int]) throws -> [String] {
        try parts(of: window, products: products).flatMap { part in
            part.chunks.selections.map { place.store.properties.container ?? $0.key }
        }
    }

    /// A run of neighbouring dates and bands: what is read of the array, and where it goes among the window's pixels.
    private struct Part: Sendable {
        let array: ZarrArray
        let chunks: TouchedChunks
        let pixels: PixelBuffer<UInt16>
        let place: Range<Int>
    }

    private func parts(of part: PatchWindow, products: [Int]) throws -> [Part] {
        guard let array = cubes[part.resolution]?.data else { return [] }
        let window = part.window
        return try Self.runs(of: products).flatMap { position, dates in
            try Self.runs(of: part.bands).map { band, bands in
                let region = [dates, bands, window.rows, window.columns]
                let shape = [dates.count, part.bands.count, window.height, window.width]
                return Part(
                    array: array,
                    chunks: try array.chunks(touching: region, to: [0, band, 0, 0], of: shape),
                    pixels: part.pixels,
                    place: (position * part.pixelsOfDate)..<((position + dates.count) * part.pixelsOfDate)
                )
            }
        }
    }

    /// Runs of neighbours among positions along an axis, and where each run begins in the list.
    private static func runs(of positions: [Int]) -> [(start: Int, range: Range<Int>)] {
        var runs: [(start: Int, range: Range<Int>)] = []
        for (start, position) in positions.enumerated() {
            if let last = runs.last, last.range.upperBound == position {
                runs[runs.count - 1].range = last.range.lowerBound..<(position + 1)
            } else {
                runs.append((start, position..<(position + 1)))
            }
        }
        return runs
    }

    func recordedDates(on executor: BlockingExecutor) async throws -> [Resolution: RecordedDates] {
        try await executor.run {
            try cubes.mapValues { try RecordedDates(of: $0) }
        }
    }
}
