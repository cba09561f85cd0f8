/// A window of one band of one date, and where its pixels go.
struct ImagePlane: Sendable {
    let image: JPEG2000Image
    let window: PixelWindow
    let pixels: PixelBuffer<UInt16>
    /// The plane's part of the pixels.
    let range: Range<Int>

    func decode(_ tile: JPEG2000Tile) throws {
        try unsafe pixels.withPixels(range) { try unsafe image.decode(tile, of: window, into: $0) }
    }

    func decodeAll() throws { try unsafe pixels.withPixels(range) { try unsafe image.decode(window, into: $0) } }

    /// The same with the places of tile-parts read from the file.
    func withTileParts() throws -> ImagePlane {
        let read = try JPEG2000Image(image.store, key: image.key)
        return ImagePlane(image: read, window: window, pixels: pixels, range: range)
    }
}
