public import ArgumentParser
public import DatacubeStorage

/// Where patches may lie.
public struct PatchAreaOptions: ParsableArguments {
    /// Easting of the left edge, metres.
    @Option(help: "Easting of the area's left edge, metres (default: the tile's).")
    public var x1: Int?

    /// Northing of the upper edge, metres.
    @Option(help: "Northing of the area's upper edge.")
    public var y1: Int?

    /// Easting of the right edge, metres.
    @Option(help: "Easting of the area's right edge.")
    public var x2: Int?

    /// Northing of the lower edge, metres.
    @Option(help: "Northing of the area's lower edge.")
    public var y2: Int?

    /// Creates the options with their defaults.
    public init() {}

    /// Refuses a half-named area.
    public func validate() throws {
        guard Set([x1, y1, x2, y2].map { $0 == nil }).count == 1 else {
            throw ValidationError("--x1 --y1 --x2 --y2 go together")
        }
    }

    /// The area, or nil for the whole tile.
    public var area: PatchArea? {
        guard let x1, let y1, let x2, let y2 else { return nil }
        return PatchArea(x1: x1, y1: y1, x2: x2, y2: y2)
    }
}
