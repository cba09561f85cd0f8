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

    /// Metres from west to east.
    var width: Int { x2 - x1 }
    /// Metres from north to south.
    var height: Int { y1 - y2 }

    /// The whole of a grid.
    init(_ grid: PixelGrid) {
        let (left, top) = (Int(grid.left), Int(grid.top))
        self.init(x1: left, y1: top, x2: left + grid.width * grid.metres, y2: top - grid.height * grid.metres)
    }

    /// The area with its edges moved inwards to those of the grid's pixels.
    ///
    /// - Throws: `configuration` when it reaches beyond the grid.
    func snapped(to grid: PixelGrid) throws(PipelineError) -> PatchArea {
        let all = PatchArea(grid)
        guard all.x1 <= x1, x2 <= all.x2, all.y2 <= y2, y1 <= all.y1 else {
            let wanted = "the area (\(x1), \(y1)) to (\(x2), \(y2)) is not within the tile,"
            throw PipelineError(.configuration, "\(wanted) (\(all.x1), \(all.y1)) to (\(all.x2), \(all.y2))")
        }
        let step = grid.metres
        func upwards(_ distance: Int) -> Int { (distance + step - 1) / step * step }
        return PatchArea(
            x1: all.x1 + upwards(x1 - all.x1),
            y1: all.y1 - upwards(all.y1 - y1),
            x2: all.x2 - upwards(all.x2 - x2),
            y2: all.y2 + upwards(y2 - all.y2)
        )
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
            x: (x - Int(grid.left)) / grid.metres,
            y: (Int(grid.top) - y) / grid.metres,
            width: size / grid.metres,
            height: size / grid.metres
        )
    }
}

/// The patches of a run and the order in which they are loaded, all from one seed or from a file.
struct PatchPlan: Sendable {
    /// The patches that are loaded at once, and the sources in the order in which they load them.
    struct Round: Sendable {
        /// Those of all workers: the first of each, then the second of each.
        let patches: [Patch]
        /// Positions in the list of contenders.
        var order: [Int]
    }

    /// The first is the warm-up, which is not counted.
    var rounds: [Round]

    /// Patches that each of several workers loads in a round one after the other; a single one loads one.
    ///
    /// At the end of a round workers wait for the slowest: with four patches for each that is little of the round.
    static func patchesOfEachWorker(of workers: Int) -> Int { workers > 1 ? 4 : 1 }

    /// The coarsest pixel, on whose grid patches lie.
    static let step = Resolution.r60.metres

    /// Takes rounds as they were decided elsewhere.
    init(rounds: [Round]) { self.rounds = rounds }

    /// Draws the rounds.
    ///
    /// - Parameters:
    ///   - area: Where patches may lie.
    ///   - size: Side of a patch, metres.
    ///   - repeats: Rounds that count.
    ///   - count: Patches of a round.
    ///   - contenders: How many load them in turn.
    ///   - seed: What all is drawn with.
    /// - Throws: `configuration` where no patch of the size fits into the area.
    init(
        area: PatchArea,
        size: Int,
        repeats: Int,
        patches count: Int = 1,
        contenders: Int,
        seed: UInt64
    ) throws(PipelineError) {
        guard size > 0, size.isMultiple(of: Self.step) else {
            throw PipelineError(
                .configuration,
                "patch size \(size) m is not a positive multiple of \(Self.step) m"
            )
        }
        guard area.width >= size, area.height >= size else {
            let extent = "\(area.width) x \(area.height) m"
            throw PipelineError(.configuration, "a patch of \(size) m does not fit into the area of \(extent)")
        }
        let (columns, rows) = ((area.width - size) / Self.step, (area.height - size) / Self.step)
        var random = RandomSource(seed: seed)
        // Of its own, so that the same seed gives the same patches to any number of contenders.
        var orderSource = RandomSource(seed: ~seed)
        rounds = (0...repeats).map { _ in
            let patches = (0..<count).map { _ in
                let x = area.x1 + random.below(columns + 1) * Self.step
                return Patch(x: x, y: area.y1 - random.below(rows + 1) * Self.step, size: size)
            }
            return Round(patches: patches, order: orderSource.shuffled(Array(0..<contenders)))
        }
    }
}
