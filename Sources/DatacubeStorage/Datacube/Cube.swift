/// One resolution of a tile-year in a Zarr store, as far as it is complete.
public struct Cube: Sendable {
    /// The array of pixels `(time, band, y, x)`, DN.
    public let data: ZarrArray
    /// The dates, in the order of the time axis.
    public let steps: [TimeStep]
    /// The group that declares them.
    public let group: ZarrGroup

    /// Opens the group.
    ///
    /// - Returns: nil when there is none, or none that is complete.
    /// - Throws: ``PipelineError`` when there is one that is not of this layout.
    public static func open(_ store: any ObjectStore, path: String) throws -> Cube? {
        guard let group = try ZarrGroup.open(store: store, path: path) else { return nil }
        let missing = (["data"] + TimeColumn.all.map(\.name)).filter { group.arrays[$0] == nil }
        guard missing.isEmpty else { throw CubeSurvey.notACube(group, missing: missing) }
        let data = try group.array("data")
        guard data.metadata.shape.count == 4, data.metadata.dataType == .uint16 else {
            throw PipelineError(.unsupported, "\(store)/\(path)/data is not uint16 (time, band, y, x)")
        }
        let (dates, bands) = (data.metadata.shape[0], data.metadata.shape[1])
        guard dates <= mostDates, bands <= Band.allCases.count else {
            let most = "more than \(mostDates) or \(Band.allCases.count)"
            throw PipelineError(
                .unsupported,
                "\(store)/\(path)/data has \(dates) dates and \(bands) bands, \(most); is it a tile-year's?"
            )
        }
        var steps = [TimeStep](repeating: TimeStep(), count: dates)
        for column in TimeColumn.all { try column.read(from: group.array(column.name), into: &steps, bands: bands) }
        try checkTimes(steps, path: "\(store)/\(path)/time")
        return Cube(data: data, steps: steps, group: group)
    }

    /// What opening the group reads besides its document: of each variable of the dates, the first and as a rule only chunk.
    static func coordinateKeys(_ store: any ObjectStore, path: String) throws -> [String] {
        guard let group = try ZarrGroup.open(store: store, path: path) else { return [] }
        let names = TimeColumn.all.map(\.name) + ["wavelength"]
        return try names.filter { group.arrays[$0] != nil }.map { name in
            let array = try group.array(name)
            return array.key(ofChunk: array.metadata.shape.map { _ in 0 })
        }
    }

    // One every half an hour of a year; bounds what is allocated for a document that says anything.
    private static let mostDates = 17_568
    // Milliseconds of ten thousand years: arithmetic on them is safe.
    private static let lastTime: Int64 = 253_402_300_800_000

    private static func checkTimes(_ steps: [TimeStep], path: String) throws {
        let times = steps.map(\.time)
        guard times.allSatisfy({ $0.magnitude < lastTime }), zip(times, times.dropFirst()).allSatisfy(<) else {
            throw PipelineError(.corrupt, "\(path) does not ascend from date to date; convert the tile-year again")
        }
    }

    /// Declares that the first `steps.count` dates are complete, and describes them.
    ///
    /// Chunks are flushed to disk before, and listed in the cube's inventory if there is one; the group's document, which
    /// readers go by, is written last. Dates that are declared already must be the first of `steps`.
    static func commit(
        _ steps: [TimeStep],
        to store: any ObjectStore,
        path: String,
        schema: CubeSchema,
        inventory: CubeInventory? = nil
    ) throws {
        let arrays = schema.arrays(dates: steps.count)
        func array(_ name: String) throws -> ZarrArray {
            guard let metadata = arrays[name] else { throw PipelineError(.notFound, "no variable \(name)") }
            return try ZarrArray(store: store, path: "\(path)/\(name)", metadata: metadata)
        }
        try inventory?.withdrawDescription()
        for column in TimeColumn.all { try column.write(steps, to: array(column.name)) }
        for coordinate in schema.coordinates { try coordinate.write(to: array(coordinate.name)) }
        try ZarrGroup.commit(store: store, path: path, attributes: schema.groupAttributes, arrays: arrays) {
            try inventory?.write(of: schema, dates: steps.count, documents: $0)
        }
    }
}

extension TileGeocoding {
    /// Where cubes of one tile-year lie, of different resolutions; nil when there is none.
    ///
    /// - Throws: `mismatch` when they do not lie in one place.
    init?(of cubes: [Cube]) throws {
        let places = try cubes.map { try $0.geocoding() }
        guard let first = places.first, let cube = cubes.first else { return nil }
        guard places.allSatisfy({ $0.epsgCode == first.epsgCode }) else {
            throw PipelineError(
                .mismatch,
                "\(cube.data.store)/\(cube.data.path): the resolutions are of different zones"
            )
        }
        let grids = places.reduce(into: [:]) { $0.merge($1.grids) { one, _ in one } }
        do {
            try self.init(epsgCode: first.epsgCode, grids: grids)
        } catch {
            throw error.within("\(cube.data.store)/\(cube.data.path) and its other resolutions")
        }
    }
}

extension Cube {
    /// Where the pixels lie, from the `proj:` and `spatial:` attributes.
    ///
    /// - Throws: `unsupported` when they are absent or do not describe square pixels of whole metres, rows going south.
    public func geocoding() throws -> TileGeocoding {
        let (attributes, shape) = (data.metadata.attributes, data.metadata.shape)
        let place = "\(data.store)/\(data.path)"
        let transform = attributes["spatial:transform"]?.arrayValue?.compactMap(\.doubleValue) ?? []
        guard let code = attributes["proj:code"]?.stringValue, code.hasPrefix("EPSG:"),
            let epsg = Int(code.dropFirst(5)),
            transform.count == 6,
            let resolution = Resolution.allCases.first(where: { Double($0.metres) == transform[0] }),
            transform[4] == -transform[0], transform[1] == 0, transform[3] == 0
        else {
            let expected = "proj:code and spatial:transform, as safe2zarr writes them"
            throw PipelineError(.unsupported, "\(place) does not say where its pixels lie: \(expected), are expected")
        }
        let grid = PixelGrid(
            width: shape[3],
            height: shape[2],
            left: transform[2],
            top: transform[5],
            metres: resolution.metres
        )
        do {
            return try TileGeocoding(epsgCode: epsg, grids: [resolution: grid])
        } catch {
            throw error.within(place)
        }
    }
}
