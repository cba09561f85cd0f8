/// The chunks, or the shards, of one Zarr array a resolution.
struct ZarrSource: PatchSource {
    let storage: Storage
    let format: DataFormat
    let identifiers: [String]
    let geocoding: TileGeocoding
    let store: any ObjectStore
    private let arrays: [Resolution: ZarrArray]
    private let threads: Int

    /// Opens the groups of a tile-year; `threads` will share the work of a load.
    init(
        _ storage: Storage,
        _ format: DataFormat,
        _ store: any ObjectStore,
        _ tileYear: TileYear,
        _ resolutions: [Resolution],
        threads: Int
    ) throws {
        var cubes: [Resolution: Cube] = [:]
        for resolution in resolutions {
            let path = ZarrLayout.path(of: tileYear, resolution)
            guard let cube = try Cube.open(store, path: path) else {
                throw try CubeSurvey.absent(store, tileYear, resolution)
            }
            cubes[resolution] = cube
        }
        let dates = cubes.values.map { $0.steps.map(\.productIdentifier) }
        guard let first = dates.first, dates.allSatisfy({ $0 == first }) else {
            throw PipelineError(
                .mismatch,
                "\(store)/\(tileYear): the resolutions have other dates; run safe2zarr again"
            )
        }
        self.storage = storage
        self.format = format
        self.store = store
        self.threads = threads
        identifiers = first
        geocoding = try ZarrSource.geocoding(of: cubes, "\(store)/\(tileYear)")
        arrays = cubes.mapValues(\.data)
    }

    private static func geocoding(of cubes: [Resolution: Cube], _ path: String) throws -> TileGeocoding {
        for (resolution, cube) in cubes {
            let shape = cube.data.metadata.shape
            guard shape[1] == resolution.bands.count, try cube.geocoding().grids.keys.first == resolution else {
                let found = "\(path)/\(resolution.name) has \(shape[1]) bands or pixels of another size"
                throw PipelineError(.mismatch, "\(found) than \(resolution.name) bands; convert it again")
            }
        }
        guard let geocoding = try TileGeocoding(of: Array(cubes.values)) else {
            throw PipelineError(.notFound, "\(path): there is no resolution to load")
        }
        return geocoding
    }

    /// Reads the indices of shards that no window touched before.
    func preparations(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow
    ) throws -> [@Sendable () throws -> Void] {
        guard let array = arrays[resolution] else { return [] }
        return try regions(selected, window, of: array).flatMap { region, _ -> [@Sendable () throws -> Void] in
            try array.unknownShards(in: region).map { shard in { try array.readIndex(of: shard) } }
        }
    }

    func announcements(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow
    ) throws -> [@Sendable () throws -> Void] {
        guard let array = arrays[resolution], store is LocalStore else { return [] }
        return try regions(selected, window, of: array).flatMap { try array.plan($0.region).selections }.map { chunk in
            { try DecodeScratch.withScratch { try array.announce(chunk, scratch: $0) } }
        }
    }

    func pieces(
        _ resolution: Resolution,
        products selected: [Int],
        window: PixelWindow,
        into pixels: PixelBuffer<UInt16>
    ) throws -> [@Sendable () throws -> Void] {
        guard let array = arrays[resolution] else { return [] }
        return try regions(selected, window, of: array).flatMap { region, place -> [@Sendable () throws -> Void] in
            try array.parts(of: region, threads: threads).map { part in
                {
                    try unsafe pixels.withPixels(place) { pixels in
                        let destination = UnsafeMutableRawBufferPointer(pixels)
                        try DecodeScratch.withScratch { try unsafe array.read(part, into: destination, scratch: $0) }
                    }
                }
            }
        }
    }

    /// Chunks that hold nothing but nodata are not stored.
    func objects(_ resolution: Resolution, products selected: [Int], window: PixelWindow) throws -> [String] {
        guard let array = arrays[resolution] else { return [] }
        return try regions(selected, window, of: array).flatMap { try array.plan($0.region).selections.map(\.key) }
    }

    /// One region for each run of neighbouring dates, with its place among the pixels of the selected dates.
    private func regions(
        _ selected: [Int],
        _ window: PixelWindow,
        of array: ZarrArray
    ) -> [(region: [Range<Int>], place: Range<Int>)] {
        let bands = array.metadata.shape[1]
        let dateCount = bands * window.pixelCount
        var runs: [(position: Int, dates: Range<Int>)] = []
        for (position, date) in selected.enumerated() {
            if let last = runs.last, last.dates.upperBound == date {
                runs[runs.count - 1].dates = last.dates.lowerBound..<(date + 1)
            } else {
                runs.append((position, date..<(date + 1)))
            }
        }
        return runs.map { position, dates in
            let place = (position * dateCount)..<((position + dates.count) * dateCount)
            return ([dates, 0..<bands, window.rows, window.columns], place)
        }
    }
}
