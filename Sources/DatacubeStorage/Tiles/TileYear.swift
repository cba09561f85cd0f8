/// One tile in one year: what a Slurm array task works on.
public struct TileYear: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// MGRS tile, `35VLH`.
    public let tile: String
    /// UTC year of the sensing start.
    public let year: Int

    /// Names a tile-year.
    public init(tile: String, year: Int) {
        self.tile = tile
        self.year = year
    }

    /// `35VLH/2024`.
    public var description: String { "\(tile)/\(year)" }

    /// By tile, then by year.
    public static func < (one: TileYear, other: TileYear) -> Bool {
        (one.tile, one.year) < (other.tile, other.year)
    }
}
