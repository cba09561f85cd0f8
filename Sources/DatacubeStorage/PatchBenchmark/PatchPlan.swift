/// Where patches may lie, in metres of the tile's UTM zone.
public struct PatchArea: Sendable, Equatable {
    /// Easting of the left edge.
    public var x1: Int
    /// Northing of the upper edge.
    public var y1: Int
    /// Easting of the right edge.
    public var x2: Int
    /// Northing of the lower edge.
    public var y2: Int

    /// Names the corners: upper left, lower right.
    public init(x1: Int, y1: Int, x2: Int, y2: Int) {
        (self.x1, self.y1, self.x2, self.y2) = (x1, y1, x2, y2)
    }
}

/// A square on the ground, in metres; its edges lie on the grid of 60 m pixels, so it holds whole pixels at every
/// resolution.
public struct Patch: Sendable, Equatable {
    /// Easting of the left edge.
    public let x: Int
    /// Northing of the upper edge.
    public let y: Int
    /// Length of a side.
    public let size: Int

    /// The pixels of the patch in a grid.
    func window(in grid: PixelGrid) -> PixelWindow {
        PixelWindow(
            x: (x - Int(grid.left)) / grid.metres, y: (Int(grid.top) - y) / grid.metres, width: size / grid.metres,
            height: size / grid.metres)
    }
}

/// The patches of a run and the order in which they are loaded, all from one seed.
struct PatchPlan: Sendable {
    /// One patch and the sources in the order in which they load it.
    struct Round: Sendable {
        let patch: Patch
        /// Positions in the list of sources.
        let order: [Int]
    }

    /// The first is the warm-up, which is not counted.
    let rounds: [Round]

    /// The coarsest pixel, on whose grid patches lie.
    static let step = Resolution.r60.metres

    init(area: PatchArea, size: Int, repeats: Int, sources: Int, seed: UInt64) throws(PipelineError) {
        guard size > 0, size.isMultiple(of: PatchPlan.step) else {
            throw PipelineError(.configuration, "patch size \(size) m is not a positive multiple of \(PatchPlan.step) m")
        }
        let (columns, rows) = ((area.x2 - area.x1 - size) / PatchPlan.step, (area.y1 - area.y2 - size) / PatchPlan.step)
        guard area.x2 - area.x1 >= size, area.y1 - area.y2 >= size else {
            let extent = "\(area.x2 - area.x1) x \(area.y1 - area.y2) m"
            throw PipelineError(.configuration, "a patch of \(size) m does not fit into the area of \(extent)")
        }
        var random = RandomSource(seed: seed)
        rounds = (0...repeats).map { _ in
            let x = area.x1 + random.below(columns + 1) * PatchPlan.step
            let y = area.y1 - random.below(rows + 1) * PatchPlan.step
            return Round(patch: Patch(x: x, y: y, size: size), order: random.shuffled(Array(0..<sources)))
        }
    }
}
