import Testing

@testable import DatacubeStorage

@Suite(.enabled(if: Fixtures.exist, "the real Sentinel-2 files are not here"))
struct JPEG2000ImageTests {
    private static func decode(_ image: JPEG2000Image, _ window: PixelWindow) throws -> [UInt16] {
        var pixels = [UInt16](repeating: 0xFFFF, count: window.pixelCount)
        try pixels.withUnsafeMutableBufferPointer { raster in
            for tile in image.tiles(touching: window) { try image.decode(tile, of: window, into: raster) }
        }
        return pixels
    }

    /// Size, tiling and statistics of this file as published with it.
    @Test func realBand() throws {
        let image = try JPEG2000Image(file: Fixtures.path(Fixtures.realB01))
        #expect([image.width, image.height, image.tileWidth, image.tileHeight] == [1830, 1830, 192, 192])
        let whole = PixelWindow(x: 0, y: 0, width: 1830, height: 1830)
        #expect(image.tiles(touching: whole).count == 100)
        let pixels = try Self.decode(image, whole)
        #expect(pixels.max() == 15466)
        #expect(pixels.count { $0 == 0 } == 1_368_476)
    }

    @Test func windowsEqualTheSameWindowsOfTheWholeImage() throws {
        let image = try JPEG2000Image(file: Fixtures.path(Fixtures.realB01))
        let whole = try Self.decode(image, PixelWindow(x: 0, y: 0, width: 1830, height: 1830))
        var random = SystemRandomNumberGenerator()
        for _ in 0..<12 {
            let size = Int.random(in: 1...300, using: &random)
            let window = PixelWindow(
                x: .random(in: 0...(1830 - size), using: &random),
                y: .random(in: 0...(1830 - size), using: &random),
                width: size,
                height: size
            )
            let expected = window.rows.flatMap { row in
                whole[(row * 1830 + window.columns.lowerBound)..<(row * 1830 + window.columns.upperBound)]
            }
            #expect(try Self.decode(image, window) == expected, "\(window)")
        }
    }

    @Test(arguments: [0, 1, 500, 3000, 100_000, 2_488_554])
    func aTruncatedFileIsRefused(_ count: Int) throws {
        let folder = try ScratchFolder()
        let bytes = try FileSystem.contents(of: Fixtures.path(Fixtures.realB01))
        let path = folder.path + "/B01.jp2"
        try AtomicFile.write(Array(bytes[..<count]), to: path)
        #expect { try JPEG2000Image(file: path) } throws: { ($0 as? PipelineError)?.code == .corrupt }
    }

    @Test func everyFlippedHeaderByteIsRefusedOrHarmless() throws {
        let folder = try ScratchFolder()
        let bytes = try FileSystem.contents(of: Fixtures.path(Fixtures.realB01))
        let path = folder.path + "/B01.jp2"
        for position in stride(from: 0, to: 2200, by: 13) {
            var damaged = bytes
            damaged[position] ^= 0xFF
            try AtomicFile.write(damaged, to: path, durability: .deferred)
            do {
                let image = try JPEG2000Image(file: path)
                let window = PixelWindow(x: 0, y: 0, width: min(8, image.width), height: min(8, image.height))
                #expect(try Self.decode(image, window).count == window.pixelCount)
            } catch let error as PipelineError {
                #expect([.corrupt, .unsupported].contains(error.code))
            }
        }
    }
}
