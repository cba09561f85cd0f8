// JPEG 2000 Part 1, ITU-T T.800 | ISO/IEC 15444-1, annex A (codestream syntax) and annex I (JP2 file format).

/// The main header of a JPEG 2000 codestream: image size, tile grid and the bytes that every decoder needs first.
struct CodestreamHeader: Sendable {
    let width: Int
    let height: Int
    let tileWidth: Int
    let tileHeight: Int
    /// Significant bits of a sample.
    let precision: Int
    let isSigned: Bool
    let componentCount: Int
    /// Where the first tile-part begins in the file.
    let firstTilePart: Int
    /// SOC up to the first SOT, without TLM segments: they give tile-part lengths of the whole file, which are
    /// wrong for a codestream put together from some of its tile-parts.
    let bytes: [UInt8]

    var tileColumns: Int { (width + tileWidth - 1) / tileWidth }
    var tileRows: Int { (height + tileHeight - 1) / tileHeight }
    var tileCount: Int { tileColumns * tileRows }

    // Real main headers have about 250 bytes and begin 2 to 4 KB into the file.
    private static let headLimit = 64 << 10

    /// Reads the header of a file; `path` is what error texts call it.
    init(_ file: any ObjectReader, path: String) throws {
        let size = try file.size()
        guard size > 0 else { throw PipelineError(.corrupt, "\(path) is empty (0 bytes); fetch the product again") }
        let bytes = try file.read(count: min(size, Self.headLimit), at: 0)
        let head = MarkerReader(path: path, bytes: bytes)
        try self.init(head, codestream: head.codestreamOffset())
    }

    /// Takes the ``bytes`` of a header that was read before.
    init(bytes: [UInt8], path: String) throws(PipelineError) {
        try self.init(MarkerReader(path: path, bytes: bytes + [0xFF, 0x90]), codestream: 0)
    }

    private init(_ head: MarkerReader, codestream start: Int) throws(PipelineError) {
        var kept = Array(head.bytes[start..<(start + 2)])
        var position = start + 2
        var size: [UInt8]?
        while try head.uint16(position) != Marker.startOfTilePart {
            let marker = try head.uint16(position)
            let end = position + 2 + (try head.uint16(position + 2))
            guard marker >= 0xFF00, end <= head.bytes.count, end > position + 3 else { throw head.malformed() }
            if marker == Marker.imageSize { size = Array(head.bytes[(position + 4)..<end]) }
            if marker != Marker.tilePartLengths { kept += head.bytes[position..<end] }
            position = end
        }
        guard let size else { throw head.malformed() }
        try self.init(MarkerReader(path: head.path, bytes: size), bytes: kept, firstTilePart: position)
    }

    private init(_ size: MarkerReader, bytes: [UInt8], firstTilePart: Int) throws(PipelineError) {
        let origin = try [10, 14, 26, 30].map { offset throws(PipelineError) in try size.uint32(offset) }
        guard origin.allSatisfy({ $0 == 0 }) else {
            throw PipelineError(.unsupported, "\(size.path): the image or tile grid does not begin at 0, 0")
        }
        width = try size.uint32(2)
        height = try size.uint32(6)
        tileWidth = try size.uint32(18)
        tileHeight = try size.uint32(22)
        componentCount = try size.uint16(34)
        let depth = Int(try size.uint8(36))
        precision = (depth & 0x7F) + 1
        isSigned = depth & 0x80 != 0
        self.bytes = bytes
        self.firstTilePart = firstTilePart
        guard width > 0, height > 0, tileWidth > 0, tileHeight > 0, width <= 1 << 20, height <= 1 << 20,
            tileCount <= 65_535
        else { throw size.malformed() }
    }
}

/// The marker codes that are read here.
enum Marker {
    static let startOfCodestream = 0xFF4F
    static let imageSize = 0xFF51
    static let codingStyle = 0xFF52
    static let tilePartLengths = 0xFF55
    static let packetLengthsMain = 0xFF57
    static let packetLengths = 0xFF58
    static let quantization = 0xFF5C
    static let comment = 0xFF64
    static let startOfTilePart = 0xFF90
    static let startOfData = 0xFF93
    static let endOfCodestream = 0xFFD9
}

/// Big-endian integers out of bytes, with the bounds checked.
struct MarkerReader {
    let path: String
    let bytes: [UInt8]

    func uint8(_ offset: Int) throws(PipelineError) -> UInt8 {
        guard offset >= 0, offset < bytes.count else { throw malformed() }
        return bytes[offset]
    }

    func uint16(_ offset: Int) throws(PipelineError) -> Int {
        Int(try uint8(offset)) << 8 | Int(try uint8(offset + 1))
    }

    func uint32(_ offset: Int) throws(PipelineError) -> Int {
        try uint16(offset) << 16 | uint16(offset + 2)
    }

    func malformed() -> PipelineError {
        PipelineError(.corrupt, "\(path) is not a JPEG 2000 file, or its header is damaged; fetch the product again")
    }

    /// Where the codestream begins: at 0 in a raw one, inside the `jp2c` box in a JP2 file.
    func codestreamOffset() throws(PipelineError) -> Int {
        if try uint16(0) == Marker.startOfCodestream { return 0 }
        guard try uint32(4) == 0x6A50_2020 else { throw malformed() }
        var offset = 0
        while try uint32(offset + 4) != 0x6A70_3263 {
            // A length of 1 says that eight more bytes hold it; Kakadu writes that for boxes of any size.
            let short = try uint32(offset)
            let length = short == 1 ? try uint32(offset + 8) << 32 | uint32(offset + 12) : short
            guard length >= 8, length <= bytes.count, offset + length < bytes.count else { throw malformed() }
            offset += length
        }
        let start = offset + (try uint32(offset) == 1 ? 16 : 8)
        guard try uint16(start) == Marker.startOfCodestream else { throw malformed() }
        return start
    }
}
