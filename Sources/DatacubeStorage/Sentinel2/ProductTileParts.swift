/// Where the tile-parts of a product's bands lie, kept in a file beside the product.
///
/// Without it a reader hops from tile-part to tile-part through every band file, some 110 reads each, which on S3 are
/// requests. The file is JSON: for each band its size in bytes, the main header in hexadecimal digits, where the
/// first tile-part begins, and tile number and length of each in the order of the file.
struct ProductTileParts: Sendable {
    private static let version = 1
    private let bands: [Band: JPEG2000Image]

    /// Takes over what was found in the band files.
    init(_ bands: [Band: JPEG2000Image]) { self.bands = bands }

    /// Reads the file beside a product.
    ///
    /// - Returns: nil when there is none, or one that does not fit the band files as they are now.
    init?(of product: SAFEProduct, _ inventory: SAFEInventory) throws {
        guard let content = try product.store.get(product.tilePartsKey),
            let document = try? JSONValue(parsing: content, named: product.tilePartsKey),
            document["version"]?.intValue == Self.version
        else { return nil }
        var bands: [Band: JPEG2000Image] = [:]
        for band in Band.allCases {
            guard let entry = document["bands"]?[band.name], entry["size"]?.intValue == inventory.size(of: band),
                let image = try? JPEG2000Image(product.store, key: inventory.key(of: band), entry: entry)
            else { return nil }
            bands[band] = image
        }
        self.bands = bands
    }

    /// The band's file, ready to be read from.
    func image(_ band: Band) -> JPEG2000Image? { bands[band] }

    /// Writes the file beside a product.
    func write(beside product: SAFEProduct, _ inventory: SAFEInventory) throws {
        let entries = bands.map { band, image in (band.name, image.tilePartsEntry(size: inventory.size(of: band))) }
        let document: JSONValue = [
            "version": .int(Self.version), "bands": .object(Dictionary(uniqueKeysWithValues: entries)),
        ]
        try product.store.put(
            product.tilePartsKey,
            Array((document.serialized() + "\n").utf8),
            durability: .synchronized
        )
    }
}

extension JPEG2000Image {
    /// Takes a band's entry.
    fileprivate init(_ store: any ObjectStore, key: String, entry: JSONValue) throws {
        let path = "\(store)/\(key)"
        guard let size = entry["size"]?.intValue,
            let headerBytes = entry["header"]?.stringValue.flatMap({ [UInt8](hexadecimal: $0) }),
            let first = entry["first"]?.intValue, (0...size).contains(first),
            let tiles = entry["tiles"]?.intArray, let lengths = entry["lengths"]?.intArray, tiles.count == lengths.count
        else { throw PipelineError(.corrupt, "\(path): its entry in the index of tile-parts is not complete") }
        let header = try CodestreamHeader(bytes: headerBytes, path: path)
        var parts = [[Range<Int>]](repeating: [], count: header.tileCount)
        var position = first
        for (tile, length) in zip(tiles, lengths) {
            guard parts.indices.contains(tile), length > 0, length <= size - position else {
                throw PipelineError(.corrupt, "\(path): its entry in the index of tile-parts makes no sense")
            }
            parts[tile].append(position..<(position + length))
            position += length
        }
        try self.init(store, key: key, header: header, index: TilePartIndex(parts: parts))
    }

    fileprivate func tilePartsEntry(size: Int) -> JSONValue {
        let parts = index.parts.enumerated().flatMap { tile, ranges in ranges.map { (tile: tile, range: $0) } }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        return [
            "size": .int(size), "header": .string(header.bytes.hexadecimal),
            "first": .int(parts.first?.range.lowerBound ?? 0), "tiles": .array(parts.map { .int($0.tile) }),
            "lengths": .array(parts.map { .int($0.range.count) }),
        ]
    }
}
