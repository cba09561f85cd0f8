extension OpenTileYear {
    /// What there is, as one JSON object.
    ///
    /// By resolution it has the attributes and variables that a cube of the tile-year has, with their values, whatever the format
    /// is; those of `x` and `y` follow from `transform`, six numbers from column and row to metres.
    ///
    /// - Throws: `notFound` where there is no resolution.
    public func description() throws -> JSONValue {
        [
            "tile": .string(data.tileYear.tile), "year": .int(data.tileYear.year), "format": .string(format.name),
            "store": .string(data.store.description), "crs": .string("EPSG:\(source.geocoding.epsgCode)"),
            "nodata": .int(ProductMetadata.noDataValue), "saturated": .int(ProductMetadata.saturatedValue),
            "resolutions": .object(
                Dictionary(uniqueKeysWithValues: try recorded.map { ($0.name, try described($0, $1)) })
            ),
        ]
    }

    private func described(_ resolution: Resolution, _ dates: RecordedDates) throws -> JSONValue {
        let schema = try CubeSchema(source.geocoding, resolution: resolution, dates: dates)
        let (grid, metres) = (schema.grid, Double(schema.grid.metres))
        let data = schema.data(dates: dates.steps.count)
        return [
            "width": .int(grid.width), "height": .int(grid.height),
            "transform": .array([metres, 0, grid.left, 0, -metres, grid.top].map { .double($0) }),
            "attributes": .object(schema.groupAttributes), "data": .object(data.attributes),
            "variables": .object(variables(schema, dates.steps)),
        ]
    }

    private func variables(_ schema: CubeSchema, _ steps: [TimeStep]) -> [String: JSONValue] {
        let ofDates = TimeColumn.all.map { column in
            let metadata = column.metadata(dates: steps.count, bands: schema.resolution.bands.count)
            return (column.name, variable(metadata, values: column.json(of: steps)))
        }
        let ofAllDates = schema.coordinates.map { coordinate in
            let isAxis = ["x", "y"].contains(coordinate.name)
            return (coordinate.name, variable(coordinate.metadata, values: isAxis ? .null : coordinate.json))
        }
        return Dictionary(uniqueKeysWithValues: ofDates + ofAllDates)
    }

    private func variable(_ metadata: ArrayMetadata, values: JSONValue) -> JSONValue {
        [
            "dimensions": .array((metadata.dimensionNames ?? []).map { $0.map { .string($0) } ?? .null }),
            "type": .string(metadata.dataType.rawValue),
            "attributes": .object(metadata.attributes), "values": values,
        ]
    }
}
