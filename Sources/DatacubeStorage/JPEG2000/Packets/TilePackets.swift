// Packets and their headers, ITU-T T.800 | ISO/IEC 15444-1, B.9 and B.10.

/// What a tile's packets hold: its code-blocks by subband.
struct TilePackets {
    /// By ``Subband/number``.
    private(set) var blocks: [[CodeBlock]]

    /// Reads all packet headers of a tile.
    ///
    /// Of each subband, `wanted` are the coefficients whose code-blocks are kept.
    ///
    /// - Throws: ``PipelineError`` when a header cannot be, or a packet ends early.
    init(
        _ bytes: UnsafeBufferPointer<UInt8>,
        resolutions: [TileResolution],
        style: CodingStyle,
        wanted: [PixelWindow],
        path: String
    ) throws(PipelineError) {
        blocks = Array(repeating: [], count: wanted.count)
        var position = 0
        for resolution in resolutions {
            // A packet has a byte at least; a damaged header may promise more of them than memory can list.
            guard resolution.precinctCount(style) <= bytes.count else { throw PacketBits.endsEarly(path) }
            for precinct in resolution.precincts(style) {
                var packet = try unsafe Packet(bytes, at: position, path: path)
                let size = style.blockSize(at: resolution.number)
                for (subband, window) in zip(resolution.subbands, precinct) where !window.isEmpty {
                    try packet.read(window, size: size, bitPlanes: style.bitPlanes[subband.number], subband: subband)
                }
                position = try packet.finish { subband, block in
                    if !block.window.intersection(wanted[subband]).isEmpty { blocks[subband].append(block) }
                }
            }
        }
    }
}

/// One packet: the code-blocks of a precinct.
private struct Packet {
    /// Subband, and the block with the length of its codeword, which follows the header.
    private var included: [(subband: Int, block: CodeBlock)] = []
    private var bits: PacketBits
    private let isEmpty: Bool
    private let byteCount: Int
    private let path: String

    init(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int, path: String) throws(PipelineError) {
        bits = unsafe PacketBits(bytes, at: position, path: path)
        isEmpty = try bits.next() == 0
        byteCount = bytes.count
        self.path = path
    }

    /// Reads what the header says of the code-blocks in a subband's part of the precinct.
    mutating func read(
        _ window: PixelWindow,
        size: (x: Int, y: Int),
        bitPlanes: Int,
        subband: Subband
    ) throws(PipelineError) {
        guard !isEmpty else { return }
        let (rows, columns) = (window.rows.cells(size.y), window.columns.cells(size.x))
        var inclusion = TagTree(columns: columns.count, rows: rows.count)
        var missingPlanes = TagTree(columns: columns.count, rows: rows.count)
        for row in rows {
            for column in columns {
                let (x, y) = (column - columns.lowerBound, row - rows.lowerBound)
                guard try inclusion.value(x, row: y, below: 1, bits: &bits) != nil else { continue }
                let missing = try missingPlanes.value(x, row: y, below: .max, bits: &bits) ?? 0
                let cell = PixelWindow(columns: Range(cell: column, size.x), rows: Range(cell: row, size.y))
                try add(cell.intersection(window), bitPlanes: bitPlanes - Int(missing), subband: subband.number)
            }
        }
    }

    private mutating func add(_ window: PixelWindow, bitPlanes: Int, subband: Int) throws(PipelineError) {
        let passCount = try passCount()
        var lengthBits = 3 + (Int.bitWidth - 1 - passCount.leadingZeroBitCount)
        while try bits.next() == 1 { lengthBits += 1 }
        guard lengthBits < 32, passCount <= 3 * bitPlanes - 2 else {
            throw .undecodable(path, reason: "a code-block has more coding passes than bit-planes")
        }
        let length = try bits.next(lengthBits)
        let block = CodeBlock(window: window, bitPlanes: bitPlanes, passCount: passCount, data: 0..<length)
        included.append((subband, block))
    }

    /// Table B.4.
    private mutating func passCount() throws(PipelineError) -> Int {
        if try bits.next() == 0 { return 1 }
        if try bits.next() == 0 { return 2 }
        let few = try bits.next(2)
        if few < 3 { return 3 + few }
        let some = try bits.next(5)
        return some < 31 ? 6 + some : 37 + (try bits.next(7))
    }

    /// Hands out the blocks.
    ///
    /// - Returns: Where the next packet begins.
    consuming func finish(_ use: (_ subband: Int, CodeBlock) -> Void) throws(PipelineError) -> Int {
        var position = bits.end()
        for (subband, block) in included {
            let data = position..<(position + block.data.count)
            guard data.upperBound <= byteCount else { throw PacketBits.endsEarly(path) }
            use(subband, block.located(at: data))
            position = data.upperBound
        }
        return position
    }
}
