/// Where a tile's pixels lie: its UTM zone, and the grids of its resolutions, which cover the same ground.
public struct TileGeocoding: Sendable, Hashable, CustomStringConvertible {
    /// EPSG code of the UTM zone on WGS 84.
    public let epsgCode: Int
    /// At least one; their upper left corners and their extents in metres are equal.
    public let grids: [Resolution: PixelGrid]

    /// Checks grids that come from a file.
    ///
    /// - Throws: `mismatch` when two grids cover different ground; `unsupported` when a corner does not lie on whole
    ///   metres of a UTM zone, or a side has more pixels than any tile.
    public init(epsgCode: Int, grids: [Resolution: PixelGrid]) throws(PipelineError) {
        guard let first = grids.min(by: { $0.key < $1.key }) else {
            throw PipelineError(.corrupt, "there is no pixel grid")
        }
        for (resolution, grid) in grids.sorted(by: { $0.key < $1.key }) {
            try Self.checkRange(grid, resolution: resolution)
            guard grid.ground == first.value.ground else {
                let (one, other) = ("\(first.key.name) \(first.value.ground)", "\(resolution.name) \(grid.ground)")
                throw PipelineError(.mismatch, "its pixel grids cover different ground, \(one) and \(other)")
            }
        }
        self.epsgCode = epsgCode
        self.grids = grids
    }

    /// The same for some of the resolutions.
    func only(_ resolutions: some Sequence<Resolution>) throws(PipelineError) -> TileGeocoding {
        try TileGeocoding(epsgCode: epsgCode, grids: grids.filter { resolutions.contains($0.key) })
    }

    /// Whether both lie in one zone and on the same ground, whatever resolutions each has.
    func isSamePlace(as other: TileGeocoding) -> Bool { epsgCode == other.epsgCode && ground == other.ground }

    private var ground: PixelGrid.Ground? { grids.first?.value.ground }

    /// `EPSG:32635, easting 300000 to 409800, northing 6800040 to 6690240`.
    public var description: String {
        "EPSG:\(epsgCode), \(ground?.description ?? "nowhere")"
    }

    // Ten times a tile's, and beyond what eastings and northings of UTM zones reach: all arithmetic on them is safe.
    private static let mostPixels = 10 * MGRSTile.fullExtent
    private static let mostMetres = 20_000_000.0

    private static func checkRange(_ grid: PixelGrid, resolution: Resolution) throws(PipelineError) {
        guard grid.metres == resolution.metres else {
            throw PipelineError(.mismatch, "a pixel of \(resolution.name) has \(grid.metres) m")
        }
        guard (1...mostPixels).contains(grid.width), (1...mostPixels).contains(grid.height) else {
            let size = "\(grid.width) x \(grid.height) pixels at \(resolution.name)"
            throw PipelineError(.unsupported, "\(size); a side has 1 to \(mostPixels)")
        }
        for value in [grid.left, grid.top] where value.magnitude > mostMetres || value != value.rounded() {
            throw PipelineError(.unsupported, "its corner at \(resolution.name), \(value), is no whole metre of a zone")
        }
    }
}

extension PixelGrid {
    /// A rectangle in metres of a UTM zone.
    struct Ground: Hashable, CustomStringConvertible {
        let west, north, east, south: Double

        var description: String {
            "easting \(west.fixed(0)) to \(east.fixed(0)), northing \(north.fixed(0)) to \(south.fixed(0))"
        }
    }

    /// What the pixels cover.
    var ground: Ground {
        Ground(
            west: left,
            north: top,
            east: left + Double(width) * Double(metres),
            south: top - Double(height) * Double(metres)
        )
    }
}
