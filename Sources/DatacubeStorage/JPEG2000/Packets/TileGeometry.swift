// Division of a tile into resolutions, subbands, precincts and code-blocks, ITU-T T.800 | ISO/IEC 15444-1, annex B.

/// One of the rasters of coefficients that a tile is coded as.
struct Subband: Sendable {
    let kind: SubbandKind
    /// Position among all of the tile: LL, then HL, LH and HH of each resolution from the lowest.
    let number: Int
    /// Its coefficients, in coordinates of its own (B-15).
    let window: PixelWindow
}

/// A tile at a resolution, 0 being the lowest.
struct TileResolution: Sendable {
    let number: Int
    /// Its samples, in coordinates of its own (B-14).
    let window: PixelWindow
    /// What it adds to the next lower resolution; of 0, all that it has.
    let subbands: [Subband]

    init(_ number: Int, of tile: PixelWindow, levels: Int) {
        let halvings = levels - number
        self.number = number
        window = tile.halved(halvings, kind: .ll)
        let kinds: [SubbandKind] = number == 0 ? [.ll] : [.hl, .lh, .hh]
        subbands = kinds.enumerated().map { index, kind in
            let halvings = number == 0 ? halvings : halvings + 1
            return Subband(
                kind: kind,
                number: number == 0 ? 0 : 3 * number - 2 + index,
                window: tile.halved(halvings, kind: kind)
            )
        }
    }

    /// How many precincts it has.
    func precinctCount(_ style: CodingStyle) -> Int {
        let size = style.precincts[number]
        return window.rows.cells(size.y).count * window.columns.cells(size.x).count
    }

    /// Its precincts in the order of their packets, each as its piece of the subbands (B.6).
    func precincts(_ style: CodingStyle) -> [[PixelWindow]] {
        let size = style.precincts[number]
        let inSubband = number == 0 ? 0 : 1
        guard !window.isEmpty else { return [] }
        return window.rows.cells(size.y).flatMap { row in
            window.columns.cells(size.x).map { column in
                subbands.map { subband in
                    PixelWindow(
                        columns: Range(cell: column, size.x - inSubband).clamped(to: subband.window.columns),
                        rows: Range(cell: row, size.y - inSubband).clamped(to: subband.window.rows)
                    )
                }
            }
        }
    }
}

extension PixelWindow {
    /// The coordinates after so many halvings of each axis, of the last of which the kind's half is kept (B-15).
    fileprivate func halved(_ times: Int, kind: SubbandKind) -> PixelWindow {
        PixelWindow(
            columns: columns.halved(times, high: kind.highAcross),
            rows: rows.halved(times, high: kind.highDown)
        )
    }
}

extension Range<Int> {
    fileprivate func halved(_ times: Int, high: Int) -> Range<Int> {
        let offset = high == 0 ? 0 : 1 << (times - 1)
        // Rounded up; what is negative rounds to 0 by that too.
        func halved(_ bound: Int) -> Int { (bound - offset + (1 << times) - 1) >> times }
        return halved(lowerBound)..<halved(upperBound)
    }

    /// Numbers of the cells of a grid that it touches, each 2^exponent long.
    func cells(_ exponent: Int) -> Range<Int> {
        isEmpty ? 0..<0 : lowerBound >> exponent..<((upperBound - 1) >> exponent) + 1
    }

    /// A cell of such a grid.
    init(cell: Int, _ exponent: Int) { self = cell << exponent..<(cell + 1) << exponent }
}
