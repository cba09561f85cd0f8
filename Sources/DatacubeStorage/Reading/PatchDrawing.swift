/// Patches to draw from a whole tile, as `patch-bench run` draws them.
public struct PatchDrawing: Sendable {
    private let size: Int
    private let rounds: Int
    private let perRound: Int
    private let seed: UInt64

    // Patches of many epochs; bounds what is allocated for a number from outside.
    private static let most = 1 << 24

    /// Describes a drawing.
    ///
    /// - Parameters:
    ///   - size: Side of a patch, metres.
    ///   - rounds: Rounds after the warm-up, which is drawn too and left out.
    ///   - perRound: Patches of a round.
    ///   - seed: What all is drawn with.
    public init(size: Int, rounds: Int, perRound: Int, seed: UInt64) {
        (self.size, self.rounds, self.perRound, self.seed) = (size, rounds, perRound, seed)
    }

    /// Columns and rows, at 60 m, of the patches' upper left pixels.
    func places(in grid: PixelGrid) throws -> [(column: Int, row: Int)] {
        guard rounds >= 0, perRound > 0, rounds.multipliedReportingOverflow(by: perRound).partialValue <= Self.most,
            max(rounds, perRound) <= Self.most
        else {
            throw PipelineError(.configuration, "\(rounds) rounds of \(perRound) patches cannot be drawn")
        }
        let area = PatchArea(grid)
        let plan = try PatchPlan(
            area: area,
            size: size,
            repeats: rounds,
            patches: perRound,
            contenders: 1,
            seed: seed
        )
        return plan.rounds.dropFirst().flatMap(\.patches).map { patch in
            ((patch.x - area.x1) / PatchPlan.step, (area.y1 - patch.y) / PatchPlan.step)
        }
    }
}

extension OpenTileYears {
    /// Draws patches from what is open under a number; see ``PatchDrawing``.
    public func patches(_ drawing: PatchDrawing, of number: Int64) throws -> [(column: Int, row: Int)] {
        try drawing.places(in: cube(number).grid)
    }
}
