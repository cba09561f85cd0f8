/// A tile of Sentinel-2's grid, named after the 100 km square of the Military Grid Reference System it covers.
public struct MGRSTile: Sendable, Hashable, CustomStringConvertible {
    /// `35VLH`, without the `T` that product names put before it.
    public let name: String
    /// UTM zone, 1 to 60.
    public let zone: Int
    /// Whether the tile lies north of the equator.
    public let isNorthern: Bool
    /// Easting of the upper left corner in metres.
    public let west: Int
    /// Northing of the upper left corner in metres.
    public let north: Int

    /// Pixels of 10 m along a side of a tile.
    public static let fullExtent = 10980

    private static let columnLetters = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"].map { Array($0) }
    private static let rowLetters = Array("ABCDEFGHJKLMNPQRSTUV")
    private static let bandLetters = Array("CDEFGHJKLMNPQRSTUVWX")
    // Lowest northing of a latitude band, rounded down to 100 km (NGA.SIG.0012, table of minimum northings).
    private static let bandSouth = [
        11, 20, 28, 37, 46, 55, 64, 73, 82, 91, 0, 8, 17, 26, 35, 44, 53, 62, 70, 79,
    ]

    /// Reads a tile name, with or without the leading `T`.
    public init(_ name: String) throws(PipelineError) {
        let letters = Array(name.uppercased().drop { $0 == "T" })
        guard letters.count == 5, let zone = Int(String(letters[..<2])), (1...60).contains(zone),
            let band = Self.bandLetters.firstIndex(of: letters[2]),
            let column = Self.columnLetters[zone % 3].firstIndex(of: letters[3]),
            let row = Self.rowLetters.firstIndex(of: letters[4])
        else {
            throw PipelineError(.configuration, "'\(name)' is not a tile; expected a name such as 35VLH")
        }
        self.name = String(letters)
        self.zone = zone
        self.isNorthern = band >= 10
        self.west = (column + 1) * 100_000 / 60 * 60
        let south = Self.squareSouth(row: row, zone: zone, band: band)
        self.north = Self.upperEdge(of: south, isNorthern: isNorthern)
    }

    /// `35VLH`.
    public var description: String { name }

    /// The EPSG code of the tile's UTM zone on WGS 84.
    public var epsg: Int { (isNorthern ? 32600 : 32700) + zone }

    /// Whether a text has the form of a tile's name, such as `35VLH`: zone, latitude band, 100 km square.
    public static func isName(_ text: some StringProtocol) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, let zone = Int(digits: bytes[..<2]), (1...60).contains(zone) else { return false }
        return bytes[2...].allSatisfy { (0x41...0x5A).contains($0) }
    }

    // Row letters repeat every 2000 km; in even zones they begin five letters later.
    private static func squareSouth(row: Int, zone: Int, band: Int) -> Int {
        let shifted = zone.isMultiple(of: 2) ? (row + 15) % 20 : row
        var northing = shifted * 100_000
        while northing < bandSouth[band] * 100_000 { northing += 2_000_000 }
        return northing
    }

    // Tile corners lie on multiples of 60 m, counted from the equator; a tile reaches at least to its square's edge.
    private static func upperEdge(of south: Int, isNorthern: Bool) -> Int {
        let origin = isNorthern ? 0 : 10_000_000
        let edge = Double(south + 100_000 - origin) / 60
        return origin + Int(edge.rounded(.up)) * 60
    }
}
