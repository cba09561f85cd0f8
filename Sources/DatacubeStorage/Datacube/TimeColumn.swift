/// One variable of a datacube that has a value for each date, or for each date and band.
struct TimeColumn: Sendable {
    /// Where the values stand in a ``TimeStep``, which also says what type they have.
    enum Values: Sendable {
        case text(any WritableKeyPath<TimeStep, String> & Sendable)
        case int64(any WritableKeyPath<TimeStep, Int64> & Sendable)
        case int32(any WritableKeyPath<TimeStep, Int32> & Sendable)
        case float64(any WritableKeyPath<TimeStep, Double> & Sendable)
        case int32PerBand(any WritableKeyPath<TimeStep, [Int32]> & Sendable)
        case float64PerBand(any WritableKeyPath<TimeStep, [Double]> & Sendable)
    }

    let name: String
    let values: Values
    let attributes: [String: JSONValue]

    // Dates a chunk: more than a year has, so each of these arrays is one small file.
    private static let chunkDates = 1024

    init(_ name: String, _ values: Values, _ attributes: [String: JSONValue]) {
        self.name = name
        self.values = values
        self.attributes = attributes
    }

    private static let timeUnits: [String: JSONValue] = [
        "units": "milliseconds since 1970-01-01T00:00:00", "calendar": "proleptic_gregorian",
    ]

    /// All of them.
    static let all: [TimeColumn] = [
        TimeColumn(
            "time",
            .int64(\.time),
            timeUnits.merging(["standard_name": "time", "axis": "T", "long_name": "sensing start of the datatake"]) {
                $1
            }
        ),
        TimeColumn(
            "granule_sensing_time",
            .int64(\.granuleSensingTime),
            timeUnits.merging(["long_name": "sensing time of the granule's first line"]) { $1 }
        ),
        TimeColumn("product_id", .text(\.productIdentifier), ["long_name": "product name"]),
        TimeColumn("processing_baseline", .text(\.processingBaseline), ["long_name": "processing baseline"]),
        TimeColumn("platform", .text(\.platform), ["long_name": "spacecraft"]),
        TimeColumn("orbit_direction", .text(\.orbitDirection), ["long_name": "direction of flight"]),
        TimeColumn("relative_orbit", .int32(\.relativeOrbit), ["long_name": "relative orbit number"]),
        TimeColumn("absolute_orbit", .int32(\.absoluteOrbit), ["long_name": "absolute orbit number, -1 if unknown"]),
        TimeColumn(
            "cloud_cover",
            .float64(\.cloudCover),
            ["long_name": "cloud cover of the product", "units": "percent"]
        ),
        TimeColumn(
            "quantification_value",
            .float64(\.quantificationValue),
            ["long_name": "reflectance = (DN + radiometric_add_offset) / quantification_value"]
        ),
        TimeColumn("sun_zenith", .float64(\.sunZenith), ["standard_name": "solar_zenith_angle", "units": "degree"]),
        TimeColumn("sun_azimuth", .float64(\.sunAzimuth), ["standard_name": "solar_azimuth_angle", "units": "degree"]),
        TimeColumn(
            "radiometric_add_offset",
            .int32PerBand(\.radiometricAddOffset),
            ["long_name": "DN to add before division by quantification_value"]
        ),
        TimeColumn(
            "view_zenith",
            .float64PerBand(\.viewZenith),
            ["standard_name": "sensor_zenith_angle", "units": "degree"]
        ),
        TimeColumn(
            "view_azimuth",
            .float64PerBand(\.viewAzimuth),
            ["standard_name": "sensor_azimuth_angle", "units": "degree"]
        ),
    ]

    /// The array that holds the variable for `dates` dates and `bands` bands.
    func metadata(dates: Int, bands: Int) -> ArrayMetadata {
        let isPerBand = dataType.isPerBand
        return ArrayMetadata(
            shape: isPerBand ? [dates, bands] : [dates],
            chunkShape: isPerBand ? [TimeColumn.chunkDates, bands] : [TimeColumn.chunkDates],
            dataType: dataType.type,
            fillValue: dataType.fill,
            codecs: dataType.type == .string ? [.vlenUTF8] : [.bytes],
            dimensionNames: isPerBand ? ["time", "band"] : ["time"],
            attributes: attributes
        )
    }

    private var dataType: (type: DataType, fill: FillValue, isPerBand: Bool) {
        switch values {
        case .text: (.string, .string(""), false)
        case .int64: (.int64, .integer(0), false)
        case .int32: (.int32, .integer(0), false)
        case .float64: (.float64, .floatingPoint(.nan), false)
        case .int32PerBand: (.int32, .integer(0), true)
        case .float64PerBand: (.float64, .floatingPoint(.nan), true)
        }
    }

    /// Writes the variable's values of all dates.
    func write(_ steps: [TimeStep], to array: ZarrArray) throws {
        switch values {
        case .text(let path): try array.writeAll(strings: steps.map { $0[keyPath: path] })
        case .int64(let path): try array.writeAll(steps.map { $0[keyPath: path] })
        case .int32(let path): try array.writeAll(steps.map { $0[keyPath: path] })
        case .float64(let path): try array.writeAll(steps.map { $0[keyPath: path] })
        case .int32PerBand(let path): try array.writeAll(steps.flatMap { $0[keyPath: path] })
        case .float64PerBand(let path): try array.writeAll(steps.flatMap { $0[keyPath: path] })
        }
    }

    /// Reads the variable's values of all dates into `steps`.
    ///
    /// - Throws: `corrupt` when the array is not of `steps.count` dates, and of `bands` bands where it has a value for each.
    func read(from array: ZarrArray, into steps: inout [TimeStep], bands: Int) throws {
        let (expected, found) = (metadata(dates: steps.count, bands: bands), array.metadata)
        guard found.shape == expected.shape, found.dataType == expected.dataType else {
            let shapes =
                "\(found.dataType.rawValue) \(found.shape), not \(expected.dataType.rawValue) \(expected.shape)"
            throw PipelineError(.corrupt, "\(array.store)/\(array.path) is \(shapes); convert the tile-year again")
        }
        switch values {
        case .text(let path): TimeColumn.spread(try array.readAllStrings(), &steps) { $0[keyPath: path] = $1 }
        case .int64(let path): TimeColumn.spread(try array.readAll(Int64.self), &steps) { $0[keyPath: path] = $1 }
        case .int32(let path): TimeColumn.spread(try array.readAll(Int32.self), &steps) { $0[keyPath: path] = $1 }
        case .float64(let path): TimeColumn.spread(try array.readAll(Double.self), &steps) { $0[keyPath: path] = $1 }
        case .int32PerBand(let path): TimeColumn.deal(try array.readAll(Int32.self), &steps) { $0[keyPath: path] = $1 }
        case .float64PerBand(let path):
            TimeColumn.deal(try array.readAll(Double.self), &steps) { $0[keyPath: path] = $1 }
        }
    }

    private static func spread<Value>(
        _ values: [Value],
        _ steps: inout [TimeStep],
        _ set: (inout TimeStep, Value) -> Void
    ) {
        for (index, value) in zip(steps.indices, values) { set(&steps[index], value) }
    }

    private static func deal<Value>(
        _ values: [Value],
        _ steps: inout [TimeStep],
        _ set: (inout TimeStep, [Value]) -> Void
    ) {
        let bands = values.count / max(steps.count, 1)
        for index in steps.indices { set(&steps[index], Array(values[(index * bands)..<((index + 1) * bands)])) }
    }
}
