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

/// A rectangle of pixels.
public struct RasterWindow: Sendable, Equatable {
    /// First column.
    public var x: Int
    /// First row.
    public var y: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Creates a window.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}
