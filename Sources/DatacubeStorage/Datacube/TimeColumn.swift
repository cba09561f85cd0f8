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
    static let chunkDates = 1024

    init(_ name: String, values: Values, attributes: [String: JSONValue]) {
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
            values: .int64(\.time),
            attributes: timeUnits.merging([
                "standard_name": "time", "axis": "T", "long_name": "sensing start of the datatake",
            ]) {
                $1
            }
        ),
        TimeColumn(
            "granule_sensing_time",
            values: .int64(\.granuleSensingTime),
            attributes: timeUnits.merging(["long_name": "sensing time of the granule's first line"]) { $1 }
        ),
        TimeColumn("product_id", values: .text(\.productIdentifier), attributes: ["long_name": "product name"]),
        TimeColumn(
            "processing_baseline",
            values: .text(\.processingBaseline),
            attributes: ["long_name": "processing baseline"]
        ),
        TimeColumn("platform", values: .text(\.platform), attributes: ["long_name": "spacecraft"]),
        TimeColumn(
            "orbit_direction",
            values: .text(\.orbitDirection),
            attributes: ["long_name": "direction of flight"]
        ),
        TimeColumn(
            "relative_orbit",
            values: .int32(\.relativeOrbit),
            attributes: ["long_name": "relative orbit number"]
        ),
        TimeColumn(
            "absolute_orbit",
            values: .int32(\.absoluteOrbit),
            attributes: ["long_name": "absolute orbit number, -1 if unknown"]
        ),
        TimeColumn(
            "cloud_cover",
            values: .float64(\.cloudCover),
            attributes: ["long_name": "cloud cover of the product", "units": "percent"]
        ),
        TimeColumn(
            "quantification_value",
            values: .float64(\.quantificationValue),
            attributes: ["long_name": "reflectance = (DN + radiometric_add_offset) / quantification_value"]
        ),
        TimeColumn(
            "sun_zenith",
            values: .float64(\.sunZenith),
            attributes: ["standard_name": "solar_zenith_angle", "units": "degree"]
        ),
        TimeColumn(
            "sun_azimuth",
            values: .float64(\.sunAzimuth),
            attributes: ["standard_name": "solar_azimuth_angle", "units": "degree"]
        ),
        TimeColumn(
            "radiometric_add_offset",
            values: .int32PerBand(\.radiometricAddOffset),
            attributes: ["long_name": "DN to add before division by quantification_value"]
        ),
        TimeColumn(
            "view_zenith",
            values: .float64PerBand(\.viewZenith),
            attributes: ["standard_name": "sensor_zenith_angle", "units": "degree"]
        ),
        TimeColumn(
            "view_azimuth",
            values: .float64PerBand(\.viewAzimuth),
            attributes: ["standard_name": "sensor_azimuth_angle", "units": "degree"]
        ),
    ]

    /// The array that holds the variable for `dates` dates and `bands` bands.
    func metadata(dates: Int, bands: Int) -> ArrayMetadata {
        return ArrayMetadata(
            shape: isPerBand ? [dates, bands] : [dates],
            chunkShape: isPerBand ? [Self.chunkDates, bands] : [Self.chunkDates],
            dataType: dataType.type,
            fillValue: dataType.fill,
            codecs: dataType.type == .string ? [.vlenUTF8] : [.bytes],
            dimensionNames: isPerBand ? ["time", "band"] : ["time"],
            attributes: attributes
        )
    }

    /// Whether there is a value for each band of each date.
    var isPerBand: Bool { dataType.isPerBand }

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
        case .text(let path): Self.spread(try array.readAllStrings(), steps: &steps) { $0[keyPath: path] = $1 }
        case .int64(let path):
            Self.spread(try array.readAll(Int64.self), steps: &steps) { $0[keyPath: path] = $1 }
        case .int32(let path):
            Self.spread(try array.readAll(Int32.self), steps: &steps) { $0[keyPath: path] = $1 }
        case .float64(let path):
            Self.spread(try array.readAll(Double.self), steps: &steps) { $0[keyPath: path] = $1 }
        case .int32PerBand(let path):
            Self.deal(try array.readAll(Int32.self), steps: &steps) { $0[keyPath: path] = $1 }
        case .float64PerBand(let path):
            Self.deal(try array.readAll(Double.self), steps: &steps) { $0[keyPath: path] = $1 }
        }
    }

    private static func spread<Value>(
        _ values: [Value],
        steps: inout [TimeStep],
        set: (inout TimeStep, Value) -> Void
    ) {
        for (index, value) in zip(steps.indices, values) { set(&steps[index], value) }
    }

    private static func deal<Value>(
        _ values: [Value],
        steps: inout [TimeStep],
        set: (inout TimeStep, [Value]) -> Void
    ) {
        let bands = values.count / max(steps.count, 1)
        for index in steps.indices { set(&steps[index], Array(values[(index * bands)..<((index + 1) * bands)])) }
    }
}
