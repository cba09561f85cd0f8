@testable import DatacubeStorage

extension Parser {
    // What a damaged header may claim is not decoded as a whole: that takes as long as it says.
    private static let side = 256

    /// Band files and archives.
    static let images = [
        Parser("jp2-header", seeds: { $0.hasSuffix(".jp2") }) { bytes in
            _ = try JPEG2000Image(store(bytes), key: "file").tiles(touching: corner)
        },
        Parser("jp2-decode", seeds: { $0.hasSuffix(".jp2") }) { bytes in
            let image = try JPEG2000Image(store(bytes), key: "file")
            // OpenJPEG decodes what the decoder here does not; it is not what is tested.
            guard image.style != nil, image.tileWidth * image.tileHeight <= 1 << 20 else { return }
            let window = corner.intersection(PixelWindow(x: 0, y: 0, width: image.width, height: image.height))
            _ = try pixels(window.pixelCount) { try image.decode(window, into: $0) }
        },
        Parser("jp2-packets", seeds: { $0.hasSuffix(".packets") }, read: decodePackets),
        Parser("tile-parts", seeds: { $0.hasSuffix(".tileparts.json") }, read: readTileParts),
        Parser("tiff", seeds: { $0.hasSuffix(".tif") }) { bytes in
            let image = try GeoTIFFImage(store(bytes), key: "file")
            _ = try? image.metadata()
            let window = corner.intersection(PixelWindow(x: 0, y: 0, width: image.width, height: image.height))
            guard image.tileWidth * image.tileHeight * image.bands <= 1 << 22 else { return }
            _ = try pixels(window.pixelCount * image.bands) { try image.decode(window, into: $0) }
        },
        Parser("zip", seeds: { $0.hasSuffix(".zip") }) { bytes in
            let archive = try ZipStore.open("file", in: store(bytes))
            for entry in try archive?.list("") ?? [] { _ = try? archive?.get(entry.key, limit: 1 << 20) }
        },
    ]

    private static let corner = PixelWindow(x: 0, y: 0, width: side, height: side)

    static func store(_ bytes: [UInt8]) throws -> MemoryStore {
        let store = MemoryStore()
        try store.put("file", bytes, durability: .deferred)
        return store
    }

    private static func pixels(
        _ count: Int,
        _ decode: (UnsafeMutableBufferPointer<UInt16>) throws -> Void
    ) throws -> [UInt16] {
        var pixels = [UInt16](repeating: 0, count: count)
        try pixels.withUnsafeMutableBufferPointer { try decode($0) }
        return pixels
    }

    /// A codestream of one tile whose header the first bytes choose, so that the mutations are of packets alone.
    private static func decodePackets(_ bytes: [UInt8]) throws {
        guard bytes.count > 8 else { return }
        let levels = bytes[0] % 6
        let block = (UInt8(bytes[1] & 3), UInt8(bytes[1] >> 2 & 3))
        let size = (Int(bytes[2] % 100) + 1, Int(bytes[3] % 100) + 1)
        let precinct = bytes[4] & 7 + 1 | (bytes[4] >> 3 & 7 + 1) << 4
        var stream = header(levels: levels, block: block, size: size, precinct: precinct, bits: bytes[5] % 16)
        let packets = bytes.dropFirst(6)
        let length = UInt32(14 + packets.count)
        stream += [0xFF, 0x90, 0, 10, 0, 0] + bigEndian(length) + [0, 1, 0xFF, 0x93] + packets + [0xFF, 0xD9]
        let image = try JPEG2000Image(store(stream), key: "file")
        guard image.style != nil else { return }
        let window = PixelWindow(x: 0, y: 0, width: size.0, height: size.1)
        let all = try pixels(window.pixelCount) { try image.decode(window, into: $0) }
        let part = PixelWindow(columns: size.0 / 3..<size.0, rows: size.1 / 2..<size.1)
        let some = try pixels(part.pixelCount) { try image.decode(part, into: $0) }
        let same = part.rows.flatMap { all[($0 * size.0 + part.columns.lowerBound)..<(($0 + 1) * size.0)] }
        precondition(some == same, "a window decodes to other pixels than the whole")
    }

    private static func header(
        levels: UInt8,
        block: (x: UInt8, y: UInt8),
        size: (x: Int, y: Int),
        precinct: UInt8,
        bits: UInt8
    ) -> [UInt8] {
        let (width, height) = (bigEndian(UInt32(size.x)), bigEndian(UInt32(size.y)))
        let origin = [UInt8](repeating: 0, count: 8)
        let image = [0, 0] + width + height + origin + width + height + origin + [0, 1, bits, 1, 1]
        let precincts = [UInt8](repeating: precinct, count: Int(levels) + 1)
        let style: [UInt8] = [1, 0, 0, 1, 0, levels, block.x, block.y, 0, 1] + precincts
        let planes = [UInt8](repeating: (bits + 2) << 3, count: 3 * Int(levels) + 1)
        return [0xFF, 0x4F] + segment(0x51, image) + segment(0x52, style) + segment(0x5C, [0x40] + planes)
    }

    private static func segment(_ code: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0xFF, code, UInt8((payload.count + 2) >> 8), UInt8((payload.count + 2) & 0xFF)] + payload
    }

    private static func bigEndian(_ number: UInt32) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func readTileParts(_ bytes: [UInt8]) throws {
        let product = try Seeds.product()
        let store = MemoryStore()
        let name = FileSystem.name(of: product.path)
        let listing = try product.store.list(name + "/")
        try store.put(name + SAFEProduct.tilePartsEnding, bytes, durability: .deferred)
        let copy = try SAFEProduct(store, key: name, listing: listing)
        let parts = try ProductTileParts(of: copy, copy.inventory())
        for band in Band.allCases {
            guard let image = parts?.image(band) else { continue }
            _ = image.tiles(touching: corner).map { image.byteCount(of: $0) }
        }
    }
}
