/// Decodes a window of one tile: reads all packet headers, decodes the code-blocks that the window depends on, and
/// transforms no more of them than it needs.
///
/// Bound: 1.4 times 4 bytes for each pixel of the window, and of each code-block its place.
struct TileDecoder {
    private let style: CodingStyle
    private let resolutions: [TileResolution]
    /// What makes each resolution but the lowest.
    private let steps: [(columns: SynthesisAxis, rows: SynthesisAxis)]
    /// The coefficients that are needed, by ``Subband/number``.
    private let wanted: [PixelWindow]

    /// Prepares to decode `window`, which lies in `tile`.
    init(_ style: CodingStyle, tile: PixelWindow, window: PixelWindow) {
        self.style = style
        resolutions = (0...style.levels).map { TileResolution($0, of: tile, levels: style.levels) }
        var wanted: [PixelWindow] = []
        var steps: [(columns: SynthesisAxis, rows: SynthesisAxis)] = []
        var part = window
        for resolution in resolutions.dropFirst().reversed() {
            let columns = SynthesisAxis(whole: resolution.window.columns, part: part.columns)
            let rows = SynthesisAxis(whole: resolution.window.rows, part: part.rows)
            steps.append((columns, rows))
            wanted += resolution.subbands.reversed().map { subband in
                PixelWindow(
                    columns: subband.kind.highAcross == 0 ? columns.low : columns.high,
                    rows: subband.kind.highDown == 0 ? rows.low : rows.high
                )
            }
            part = PixelWindow(columns: columns.low, rows: rows.low)
        }
        self.wanted = (wanted + [part]).reversed()
        self.steps = steps.reversed()
    }

    /// Decodes the window and lends its rows one after another.
    ///
    /// - Parameters:
    ///   - packets: All packets of the tile.
    ///   - path: What error texts call the file.
    ///   - use: Gets the image row and its samples, as signed numbers around 0.
    /// - Throws: ``PipelineError`` when the packets are damaged.
    func decode(
        _ packets: UnsafeBufferPointer<UInt8>,
        path: String,
        use: (_ y: Int, UnsafeMutablePointer<Int32>) -> Void
    ) throws(PipelineError) {
        let blocks = try unsafe TilePackets(packets, resolutions: resolutions, style: style, wanted: wanted, path: path)
            .blocks
        let data = unsafe TileData(blocks: blocks, packets: packets, path: path)
        var decoder = CodeBlockDecoder()
        var plane = try plane(resolutions[0].subbands[0], of: data, decoder: &decoder)
        for (index, step) in steps.enumerated() {
            let subbands = resolutions[index + 1].subbands
            let planes = SubbandPlanes(
                ll: plane,
                hl: try self.plane(subbands[0], of: data, decoder: &decoder),
                lh: try self.plane(subbands[1], of: data, decoder: &decoder),
                hh: try self.plane(subbands[2], of: data, decoder: &decoder),
                columns: step.columns,
                rows: step.rows
            )
            let synthesis = WaveletSynthesis(planes)
            if index == steps.count - 1 { return unsafe synthesis.forEachRow(use) }
            plane = synthesis.plane()
        }
        for y in plane.window.rows { unsafe use(y, plane.row(y)) }
    }

    private func plane(
        _ subband: Subband,
        of data: TileData,
        decoder: inout CodeBlockDecoder
    ) throws(PipelineError) -> CoefficientPlane {
        let plane = CoefficientPlane(wanted[subband.number])
        for block in data.blocks[subband.number] {
            guard unsafe decoder.decode(block, kind: subband.kind, from: data.packets) else {
                throw .undecodable(data.path, reason: "the data of a code-block are no codeword")
            }
            plane.store(block, from: decoder)
        }
        return plane
    }
}

/// What is decoded: code-blocks by subband, and where their data are.
@safe private struct TileData {
    let blocks: [[CodeBlock]]
    let packets: UnsafeBufferPointer<UInt8>
    let path: String
}
