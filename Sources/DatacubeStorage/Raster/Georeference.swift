/// Where the pixels of a north-up raster lie on the ground.
public struct Georeference: Sendable, Equatable {
    /// The EPSG code of the projection.
    public var epsg: Int
    /// Metres east of the left edge of the left column.
    public var west: Double
    /// Metres north of the upper edge of the top row.
    public var north: Double
    /// Metres a pixel, in both directions.
    public var pixelSize: Double

    /// Creates a georeference.
    public init(epsg: Int, west: Double, north: Double, pixelSize: Double) {
        self.epsg = epsg
        self.west = west
        self.north = north
        self.pixelSize = pixelSize
    }
}

extension Georeference {
    /// Where a tile's pixels lie at one resolution.
    public init(_ grid: PixelGrid, epsg: Int) {
        self.init(epsg: epsg, west: grid.left, north: grid.top, pixelSize: Double(grid.metres))
    }
}

extension MGRSTile {
    /// Where the pixels of a resolution lie.
    func georeference(at resolution: Resolution) -> Georeference {
        Georeference(epsg: epsg, west: Double(west), north: Double(north), pixelSize: Double(resolution.metres))
    }
}
