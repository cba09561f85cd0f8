/// What one format's data of a tile-year say of themselves besides pixels.
struct UnitDescription: Sendable {
    /// All products that are there, whatever they are worth.
    let products: [HeldProduct]
    /// What is said of each date that is loaded, by the product's identifier.
    let dates: [String: [Statement]]
}

/// One thing that data say of a date, in words that differ wherever what is meant differs.
///
/// All formats call the same thing by the same name, so that nothing else need be known of a format to compare it.
struct Statement: Sendable {
    /// What is said something of: `cloud_cover`, `x at 10m`.
    let subject: String
    /// What is said of it.
    let value: String
    /// Where it is said, below the unit: `10m/x`, `MTD_TL.xml`.
    let origin: String

    init(_ subject: String, _ value: String, in origin: String) {
        (self.subject, self.value, self.origin) = (subject, value, origin)
    }

    init(_ subject: String, at resolution: Resolution, _ value: String, in origin: String) {
        self.init("\(subject) at \(resolution.name)", value, in: origin)
    }

    /// The value of what ought to be there and is not.
    static let absent = "absent"
}

extension Statement {
    /// What one variable of a cube is for a date.
    init(_ column: TimeColumn, of step: TimeStep, at resolution: Resolution, in origin: String, note: String = "") {
        let value = column.text(of: step) + note
        self =
            column.isPerBand
            ? Statement(column.name, at: resolution, value, in: origin) : Statement(column.name, value, in: origin)
    }

    /// The names of the bands, in their order.
    static func bands(_ names: [String], at resolution: Resolution, in origin: String) -> Statement {
        Statement("band", at: resolution, names.joined(separator: " "), in: origin)
    }

    /// Central wavelengths of the bands in nanometres, NaN where unknown.
    static func wavelengths(_ central: [Double], at resolution: Resolution, in origin: String) -> Statement {
        let known = central.isEmpty ? resolution.bands.map { _ in Double.nan } : central
        return Statement("wavelength", at: resolution, known.map { "\($0)" }.joined(separator: " "), in: origin)
    }

    /// The coordinate reference system.
    static func system(epsg: Int, at resolution: Resolution, in origin: String) -> Statement {
        Statement("CRS", at: resolution, "EPSG:\(epsg)", in: origin)
    }

    /// The value of pixels that hold nothing.
    static func noData(_ value: String, at resolution: Resolution, in origin: String) -> Statement {
        Statement("nodata", at: resolution, value, in: origin)
    }
}
