// TIFF 6.0 (https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf), BigTIFF (http://bigtiff.org)

/// The first image file directory of a TIFF file, classic or big, little-endian.
struct TIFFDirectory {
    /// The tags that are read here.
    enum Tag: Int {
        case width = 256
        case height = 257
        case bitsPerSample = 258
        case compression = 259
        case samplesPerPixel = 277
        case planarConfiguration = 284
        case predictor = 317
        case tileWidth = 322
        case tileHeight = 323
        case tileOffsets = 324
        case tileByteCounts = 325
        case sampleFormat = 339
        case pixelScale = 33_550
        case tiePoints = 33_922
        case geoKeys = 34_735
        case gdalMetadata = 42_112
        case gdalNoData = 42_113
    }

    private let file: any ObjectReader
    let path: String
    private let isBig: Bool
    /// Where each tag's values stand, how many and of how many bytes.
    private var entries: [Int: (offset: Int, count: Int, width: Int)] = [:]

    /// Reads the directory; a COG has it at the beginning, so that one read of a store's opening bytes is enough.
    init(_ file: any ObjectReader, path: String) throws {
        self.file = file
        self.path = path
        let head = LittleEndianFields(try file.read(count: min(16, file.size()), at: 0)[...])
        switch (head.integer(0, width: 2), head.integer(2, width: 2)) {
        case (0x4949, 42): isBig = false
        case (0x4949, 43): isBig = true
        default: throw PipelineError(.corrupt, "\(path) is not a little-endian TIFF file; convert the product again")
        }
        try readEntries(at: isBig ? head.integer(8, width: 8) : head.integer(4, width: 4))
    }

    private mutating func readEntries(at offset: Int) throws {
        let (countWidth, entryWidth, inline) = isBig ? (8, 20, 8) : (2, 12, 4)
        let count = LittleEndianFields(try read(countWidth, at: offset)[...]).integer(0, width: countWidth)
        guard (1...4096).contains(count) else { throw malformed() }
        let start = offset + countWidth
        let bytes = LittleEndianFields(try read(count * entryWidth, at: start)[...])
        for number in 0..<count {
            let position = number * entryWidth
            let values = bytes.integer(position + 4, width: inline)
            guard let width = Self.widths[bytes.integer(position + 2, width: 2)], values >= 0, values < 1 << 24
            else {
                continue
            }
            let valuePosition = position + 4 + inline
            let isInline = values * width <= inline
            entries[bytes.integer(position, width: 2)] = (
                isInline ? start + valuePosition : bytes.integer(valuePosition, width: inline), values, width
            )
        }
    }

    // Bytes of BYTE, ASCII, SHORT, LONG, DOUBLE and LONG8 values; other types are of no interest here.
    private static let widths = [1: 1, 2: 1, 3: 2, 4: 4, 12: 8, 16: 8]

    // What GDAL says of the bands of a product has a few KB.
    private static let mostTextBytes = 1 << 20

    /// All values of a tag; none when it is absent.
    func values(_ tag: Tag) throws -> [Int] {
        guard let entry = entries[tag.rawValue] else { return [] }
        let bytes = LittleEndianFields(try read(entry.count * entry.width, at: entry.offset)[...])
        return (0..<entry.count).map { bytes.integer($0 * entry.width, width: entry.width) }
    }

    /// All values of a tag whose type is DOUBLE; none when it is absent or of another type.
    func doubles(_ tag: Tag) throws -> [Double] {
        guard let entry = entries[tag.rawValue], entry.width == 8 else { return [] }
        let bytes = LittleEndianFields(try read(entry.count * 8, at: entry.offset)[...])
        return (0..<entry.count).map { Double(bitPattern: bytes.uint64(at: $0 * 8) ?? 0) }
    }

    /// The bytes of a tag whose type is ASCII, without the zero at their end; nil when it is absent or of another type.
    func text(_ tag: Tag) throws -> [UInt8]? {
        guard let entry = entries[tag.rawValue], entry.width == 1 else { return nil }
        guard entry.count <= Self.mostTextBytes else { throw malformed() }
        return try Array(read(entry.count, at: entry.offset).prefix { $0 != 0 })
    }

    /// The first value of a tag.
    func value(_ tag: Tag, default fallback: Int? = nil) throws -> Int {
        if let value = try values(tag).first ?? fallback { return value }
        throw malformed()
    }

    private func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        guard offset >= 0, count >= 0, offset <= (try file.size()) - count else { throw malformed() }
        return try file.read(count: count, at: offset)
    }

    func malformed() -> PipelineError {
        PipelineError(.corrupt, "\(path) is truncated or its TIFF directory is damaged; convert the product again")
    }
}

extension LittleEndianFields {
    /// The integer of `width` bytes at an offset; −1 where the bytes end before it.
    fileprivate func integer(_ offset: Int, width: Int) -> Int {
        number(at: offset, width: width).flatMap { Int(exactly: $0) } ?? -1
    }
}
