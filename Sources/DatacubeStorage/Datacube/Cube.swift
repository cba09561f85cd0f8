/// One resolution of a tile-year in a Zarr store, as far as it is complete.
public struct Cube: Sendable {
    /// The array of pixels `(time, band, y, x)`, DN.
    public let data: ZarrArray
    /// The dates, in the order of the time axis.
    public let steps: [TimeStep]

    /// Opens the group.
    ///
    /// - Returns: nil when there is none, or none that is complete.
    /// - Throws: ``PipelineError`` when there is one that is not of this layout.
    public static func open(_ store: any ObjectStore, path: String) throws -> Cube? {
        guard let group = try ZarrGroup.open(store: store, path: path) else { return nil }
        let data = try group.array("data")
        guard data.metadata.shape.count == 4, data.metadata.dataType == .uint16 else {
            throw PipelineError(.unsupported, "\(store)/\(path)/data is not uint16 (time, band, y, x)")
        }
        var steps = [TimeStep](repeating: TimeStep(), count: data.metadata.shape[0])
        for column in TimeColumn.all { try column.read(from: group.array(column.name), into: &steps) }
        return Cube(data: data, steps: steps)
    }

    /// Declares that the first `steps.count` dates are complete, and describes them.
    ///
    /// Chunks are flushed to disk before; the group's document, which readers go by, is written last.
    public static func commit(
        _ steps: [TimeStep],
        to store: any ObjectStore,
        path: String,
        _ schema: CubeSchema
    ) throws {
        let arrays = schema.arrays(dates: steps.count)
        func array(_ name: String) throws -> ZarrArray {
            guard let metadata = arrays[name] else { throw PipelineError(.notFound, "no variable \(name)") }
            return try ZarrArray(store: store, path: "\(path)/\(name)", metadata: metadata)
        }
        for column in TimeColumn.all { try column.write(steps, to: array(column.name)) }
        for coordinate in schema.coordinates { try coordinate.write(to: array(coordinate.name)) }
        try ZarrGroup.commit(store: store, path: path, attributes: schema.groupAttributes, arrays: arrays)
    }
}

extension Cube {
    /// The pixel grid, from the `spatial:` attributes.
    public func grid() throws -> PixelGrid {
        let attributes = data.metadata.attributes
        let transform = attributes["spatial:transform"]?.arrayValue?.compactMap(\.doubleValue) ?? []
        guard transform.count == 6 else {
            throw PipelineError(.unsupported, "\(data.store)/\(data.path) has no spatial:transform; convert it again")
        }
        let shape = data.metadata.shape
        return PixelGrid(
            width: shape[3], height: shape[2], left: transform[2], top: transform[5], metres: Int(transform[0]))
    }
}
