/// Where a raster's pixels lie in its UTM zone; rows go south.
public struct PixelGrid: Sendable, Hashable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Easting of the left edge of the first column, metres.
    public let left: Double
    /// Northing of the upper edge of the first row, metres.
    public let top: Double
    /// Size of a pixel, metres.
    public let metres: Int

    /// Creates a grid.
    public init(width: Int, height: Int, left: Double, top: Double, metres: Int) {
        self.width = width
        self.height = height
        self.left = left
        self.top = top
        self.metres = metres
    }

    /// The GDAL geotransform: left, pixel width, 0, top, 0, minus pixel height.
    public var geotransform: [Double] { [left, Double(metres), 0, top, 0, -Double(metres)] }

    /// Eastings of the pixel centres, metres.
    public var columnCentres: [Double] { (0..<width).map { left + (Double($0) + 0.5) * Double(metres) } }

    /// Northings of the pixel centres, metres.
    public var rowCentres: [Double] { (0..<height).map { top - (Double($0) + 0.5) * Double(metres) } }
}

extension PixelGrid {
    /// The same area in larger pixels; those that would reach beyond its edge are left out.
    func coarsened(to resolution: Resolution) -> PixelGrid {
        PixelGrid(
            width: width * metres / resolution.metres,
            height: height * metres / resolution.metres,
            left: left,
            top: top,
            metres: resolution.metres
        )
    }
}
