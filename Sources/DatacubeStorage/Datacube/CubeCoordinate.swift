/// A variable of a datacube that does not change from date to date.
struct CubeCoordinate: Sendable {
    enum Values: Sendable {
        case float64([Double])
        case text([String])
        case scalar(Int32)
    }

    let name: String
    let metadata: ArrayMetadata
    private let values: Values

    init(_ name: String, dimension: String?, values: Values, attributes: [String: JSONValue]) {
        self.name = name
        self.values = values
        let (count, type, fill): (Int?, DataType, FillValue) =
            switch values {
            case .float64(let all): (all.count, .float64, .floatingPoint(.nan))
            case .text(let all): (all.count, .string, .string(""))
            // The fill value differs from the value, so that the chunk is written.
            case .scalar: (nil, .int32, .integer(-1))
            }
        metadata = ArrayMetadata(
            shape: count.map { [$0] } ?? [],
            chunkShape: count.map { [$0] } ?? [],
            dataType: type,
            fillValue: fill,
            codecs: type == .string ? [.vlenUTF8] : [.bytes],
            dimensionNames: dimension.map { [$0] } ?? [],
            attributes: attributes
        )
    }

    /// The values, for documents.
    var json: JSONValue {
        switch values {
        case .float64(let all): .array(all.map { .double($0) })
        case .text(let all): .array(all.map { .string($0) })
        case .scalar(let value): .int(Int(value))
        }
    }

    func write(to array: ZarrArray) throws {
        switch values {
        case .float64(let all): try array.writeAll(all)
        case .text(let all): try array.writeAll(strings: all)
        case .scalar(let value): try array.writeAll([value])
        }
    }
}

extension CubeSchema {
    /// The coordinates and the grid mapping.
    var coordinates: [CubeCoordinate] {
        let band = CubeCoordinate(
            "band",
            dimension: "band",
            values: .text(resolution.bands.map(\.name)),
            attributes: ["long_name": "band"]
        )
        let y = CubeCoordinate("y", dimension: "y", values: .float64(grid.rowCentres), attributes: axis("y"))
        let x = CubeCoordinate("x", dimension: "x", values: .float64(grid.columnCentres), attributes: axis("x"))
        let wavelength = CubeCoordinate(
            "wavelength",
            dimension: "band",
            values: .float64(wavelengths.central),
            attributes: ["long_name": .string("central wavelength, \(wavelengths.platform)"), "units": "nm"]
        )
        return [band, y, x] + (wellKnownText.isEmpty ? [] : [spatialReference])
            + (wavelengths.central.isEmpty ? [] : [wavelength])
    }

    private func axis(_ name: String) -> [String: JSONValue] {
        [
            "standard_name": .string("projection_\(name)_coordinate"),
            "long_name": .string("\(name) coordinate of the pixel's centre"),
            "units": "m",
            "axis": .string(name.uppercased()),
        ]
    }

    private var spatialReference: CubeCoordinate {
        CubeCoordinate(
            "spatial_ref",
            dimension: nil,
            values: .scalar(0),
            attributes: [
                "crs_wkt": .string(wellKnownText),
                "spatial_ref": .string(wellKnownText),
                "grid_mapping_name": "transverse_mercator",
                "GeoTransform": .string(grid.geotransform.map { $0.fixed(0) }.joined(separator: " ")),
            ]
        )
    }
}
