// Marker segments COD and QCD, ITU-T T.800 | ISO/IEC 15444-1, A.6.1 and A.6.4.

/// How a codestream is coded, as far as ``TileDecoder`` goes.
///
/// That is one component and one layer, reversible 5-3 wavelet, packets by resolution and position, code-blocks without any
/// option. ESA's files are that; so are most lossless ones.
struct CodingStyle: Sendable {
    /// How often the image was halved.
    let levels: Int
    /// Base-2 logarithms of a code-block's width and height.
    let blockSize: (x: Int, y: Int)
    /// Base-2 logarithms of the precincts' width and height, lowest resolution first.
    let precincts: [(x: Int, y: Int)]
    /// Bit-planes that a coefficient can have, by subband: LL, then HL, LH and HH of each resolution.
    let bitPlanes: [Int]

    /// Reads a main header; nil when something else is used, or the header is damaged: OpenJPEG will tell which.
    init?(_ header: CodestreamHeader, path: String) {
        guard header.componentCount == 1,
            let segments = try? MarkerSegments(MarkerReader(path: path, bytes: header.bytes), from: 2),
            segments.codes.isSubset(of: Self.understood),
            let size = segments.payload(of: Marker.imageSize), size.suffix(2) == [1, 1],
            let style = segments.payload(of: Marker.codingStyle), style.count >= 10,
            let quantization = segments.payload(of: Marker.quantization), !quantization.isEmpty
        else { return nil }
        let hasPrecincts = style[0] == 1
        // No start or end markers of packets; resolution before position; one layer; no colour transform.
        guard style[0] <= 1, style[1] <= 2, style[2] == 0, style[3] == 1, style[4] == 0,
            style[5] <= 32, style[8] == 0, style[9] == 1, quantization[0] & 0x1F == 0
        else { return nil }
        levels = Int(style[5])
        blockSize = (Int(style[6]) + 2, Int(style[7]) + 2)
        guard blockSize.x <= 10, blockSize.y <= 10, blockSize.x + blockSize.y <= 12,
            style.count == 10 + (hasPrecincts ? levels + 1 : 0), quantization.count == 2 + 3 * levels
        else { return nil }
        precincts = (0...levels).map { hasPrecincts ? (Int(style[10 + $0] & 0xF), Int(style[10 + $0] >> 4)) : (15, 15) }
        let guardBits = Int(quantization[0] >> 5)
        bitPlanes = quantization.dropFirst().map { Int($0 >> 3) + guardBits - 1 }
        guard bitPlanes.allSatisfy({ 0...CodeBlock.mostBitPlanes ~= $0 }),
            precincts.dropFirst().allSatisfy({ $0.x > 0 && $0.y > 0 })
        else { return nil }
    }

    private static let understood: Set<Int> = [
        Marker.imageSize, Marker.codingStyle, Marker.quantization, Marker.comment, Marker.packetLengthsMain,
    ]

    /// Segments of a tile-part's header that change nothing of this.
    static let understoodInTileParts: Set<Int> = [Marker.packetLengths, Marker.comment]

    /// Where the code-blocks of a resolution's subbands meet, base-2 logarithms: within a precinct (B.7).
    func blockSize(at resolution: Int) -> (x: Int, y: Int) {
        let inPrecinct = resolution == 0 ? 0 : 1
        let precinct = precincts[resolution]
        return (min(blockSize.x, precinct.x - inPrecinct), min(blockSize.y, precinct.y - inPrecinct))
    }
}

/// Marker segments one after another.
struct MarkerSegments {
    private(set) var codes: Set<Int> = []
    /// Where the segment that ends the list begins, or the end of the bytes.
    private(set) var end: Int
    private var payloads: [Int: ArraySlice<UInt8>] = [:]

    /// Reads segments up to the end or to a marker without a segment.
    init(_ reader: MarkerReader, from start: Int) throws(PipelineError) {
        end = start
        while end < reader.bytes.count {
            let code = try reader.uint16(end)
            if code == Marker.startOfData { return }
            let next = end + 2 + (try reader.uint16(end + 2))
            guard code >= 0xFF00, next >= end + 4, next <= reader.bytes.count else { throw reader.malformed() }
            codes.insert(code)
            payloads[code] = reader.bytes[(end + 4)..<next]
            end = next
        }
    }

    func payload(of code: Int) -> [UInt8]? { payloads[code].map(Array.init) }
}
