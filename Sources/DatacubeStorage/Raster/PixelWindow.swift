/// A rectangle of pixels; the origin is the raster's upper left corner, columns go east and rows south.
public struct PixelWindow: Sendable, Hashable {
    /// Columns, first inclusive, last exclusive.
    public var columns: Range<Int>
    /// Rows, first inclusive, last exclusive.
    public var rows: Range<Int>

    /// Creates a window.
    public init(columns: Range<Int>, rows: Range<Int>) {
        self.columns = columns
        self.rows = rows
    }

    /// Creates a window from its corner and size.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.init(columns: x..<(x + width), rows: y..<(y + height))
    }

    /// Pixels in a row.
    public var width: Int { columns.count }
    /// Rows.
    public var height: Int { rows.count }
    /// Pixels in all.
    public var pixelCount: Int { width * height }
    /// Whether it holds no pixel.
    public var isEmpty: Bool { columns.isEmpty || rows.isEmpty }

    /// Whether all of another window's pixels are in this one.
    public func contains(_ other: PixelWindow) -> Bool {
        other.columns.lowerBound >= columns.lowerBound && other.columns.upperBound <= columns.upperBound
            && other.rows.lowerBound >= rows.lowerBound && other.rows.upperBound <= rows.upperBound
    }

    /// The part that both windows have; empty when they do not meet.
    public func intersection(_ other: PixelWindow) -> PixelWindow {
        PixelWindow(columns: columns.clamped(to: other.columns), rows: rows.clamped(to: other.rows))
    }

    /// The pieces of a raster cut into blocks from its upper left corner, row by row.
    public static func blocks(width: Int, height: Int, blockWidth: Int, blockHeight: Int) -> [PixelWindow] {
        stride(from: 0, to: height, by: blockHeight).flatMap { y in
            stride(from: 0, to: width, by: blockWidth).map { x in
                PixelWindow(columns: x..<min(x + blockWidth, width), rows: y..<min(y + blockHeight, height))
            }
        }
    }
}
