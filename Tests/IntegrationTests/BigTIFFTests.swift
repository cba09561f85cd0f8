import Foundation
import Testing

@testable import DatacubeStorage

/// BigTIFF files as GDAL writes them, with and without tiles of zeros, against what GDAL reads in them.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct BigTIFFTests {
    @Test func windowsAreThoseOfGDAL() throws {
        try Workspace.with { workspace in
            let made = try Tool.check("make_bigtiff.py", workspace.root)
            #expect(made.status == 0 && made.output == "13 files\n", "\(made.errors)")
            let names = try FileSystem.list(workspace.root).filter { $0.hasSuffix(".tif") }
            #expect(names.count == 13)
            for name in names { try compare(name, in: workspace.root) }
        }
    }

    private static let (width, height, bands) = (1100, 700, 3)
    /// The whole, corners where four tiles meet, a part of the tile of zeros alone, the last pixel.
    private static let windows = [
        PixelWindow(x: 0, y: 0, width: width, height: height), PixelWindow(x: 500, y: 500, width: 30, height: 30),
        PixelWindow(x: 1000, y: 400, width: 100, height: 300), PixelWindow(x: 600, y: 100, width: 200, height: 200),
        PixelWindow(x: width - 1, y: height - 1, width: 1, height: 1),
    ]

    private func compare(_ name: String, in folder: String) throws {
        let image = try GeoTIFFImage(LocalStore(root: folder), key: name)
        #expect(image.width == Self.width && image.height == Self.height && image.bands == Self.bands)
        #expect(image.tiles.count == 6 && image.tiles[1].isEmpty == !name.contains("dense"), "\(name)")
        #expect(image.tiles.contains { $0.lowerBound > 1 << 32 } == name.hasPrefix("far"))
        #expect(image.georeference == Georeference(epsg: 32635, west: 300_000, north: 6_800_040, pixelSize: 60))
        let bytes = try FileSystem.contents(of: "\(folder)/\(name.dropLast(4)).raw")
        let expected = bytes.withUnsafeBytes { $0.bindMemory(to: UInt16.self).map { UInt16(littleEndian: $0) } }
        try #require(expected.count == Self.bands * Self.height * Self.width)
        for window in Self.windows {
            // Where nothing is stored, nothing of what was in memory may show.
            var pixels = [UInt16](repeating: 0xA5C3, count: Self.bands * window.pixelCount)
            try pixels.withUnsafeMutableBufferPointer { try image.decode(window, into: $0) }
            let theirs = (0..<Self.bands).flatMap { band in
                window.rows.flatMap { row in
                    let start = (band * Self.height + row) * Self.width
                    return expected[(start + window.columns.lowerBound)..<(start + window.columns.upperBound)]
                }
            }
            #expect(pixels == theirs, "\(name): \(window)")
        }
    }
}
