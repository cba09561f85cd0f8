/// What data record of one resolution's dates and bands, besides pixels.
struct RecordedDates: Sendable {
    /// One for each date.
    var steps: [TimeStep]
    /// Those of the first date.
    let wavelengths: BandWavelengths
    /// WKT of the coordinate reference system, where the data have it.
    var wellKnownText: String?
}

extension RecordedDates {
    /// Takes what a cube has.
    init(of cube: Cube) throws {
        steps = cube.steps
        wavelengths = try BandWavelengths(of: cube)
        wellKnownText = cube.group.arrays["spatial_ref"]?.attributes["crs_wkt"]?.stringValue
    }
}

extension RecordedDates {
    /// Takes the metadata of products, in their order.
    ///
    /// - Throws: `notFound` where there is no product.
    init(_ products: [(identifier: String, metadata: ProductMetadata, tile: TileMetadata)], _ resolution: Resolution)
        throws
    {
        guard let first = products.first else { throw PipelineError(.notFound, "there is no date") }
        steps = products.map {
            TimeStep($0.identifier, metadata: $0.metadata, tile: $0.tile, resolution: resolution)
        }
        wavelengths = BandWavelengths(of: first.metadata, resolution)
    }
}

extension TimeColumn {
    /// The variable's values of all dates, for documents.
    func json(of steps: [TimeStep]) -> JSONValue {
        func list(_ value: (TimeStep) -> JSONValue) -> JSONValue { .array(steps.map(value)) }
        return switch values {
        case .text(let path): list { .string($0[keyPath: path]) }
        case .int64(let path): list { .int(Int($0[keyPath: path])) }
        case .int32(let path): list { .int(Int($0[keyPath: path])) }
        case .float64(let path): list { .double($0[keyPath: path]) }
        case .int32PerBand(let path): list { .array($0[keyPath: path].map { .int(Int($0)) }) }
        case .float64PerBand(let path): list { .array($0[keyPath: path].map { .double($0) }) }
        }
    }
}
