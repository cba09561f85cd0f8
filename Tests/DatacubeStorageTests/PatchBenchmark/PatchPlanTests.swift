import Testing

@testable import DatacubeStorage

@Suite struct PatchPlanTests {
    private let area = PatchArea(x1: 399_960, y1: 6_700_020, x2: 401_880, y2: 6_698_100)

    @Test func theSeedDeterminesPatchesAndOrder() throws {
        func plan(_ seed: UInt64, sources: Int = 6) throws -> PatchPlan {
            try PatchPlan(area: area, size: 600, repeats: 20, contenders: sources, seed: seed)
        }
        let (one, again, other) = (try plan(42), try plan(42), try plan(43))
        #expect(one.rounds.map(\.patches) == again.rounds.map(\.patches))
        #expect(one.rounds.map(\.order) == again.rounds.map(\.order))
        #expect(one.rounds.map(\.patches) != other.rounds.map(\.patches))
        #expect(Set(one.rounds.map(\.order)).count > 10)
        #expect(one.rounds.allSatisfy { $0.order.sorted() == Array(0..<6) })
    }

    @Test func otherContendersGetTheSamePatches() throws {
        let plans = try [1, 2, 9].map { try PatchPlan(area: area, size: 600, repeats: 5, contenders: $0, seed: 42) }
        #expect(plans.allSatisfy { $0.rounds.map(\.patches) == plans[0].rounds.map(\.patches) })
    }

    @Test func oneRoundMoreThanCountsIsTheWarmUp() throws {
        let plan = try PatchPlan(area: area, size: 600, repeats: 7, patches: 3, contenders: 2, seed: 1)
        #expect(plan.rounds.count == 8)
        #expect(plan.rounds.allSatisfy { $0.patches.count == 3 })
    }

    @Test func patchesLieOnTheGridOfSixtyMetresWithinTheArea() throws {
        let plan = try PatchPlan(area: area, size: 1800, repeats: 500, contenders: 1, seed: 7)
        let patches = plan.rounds.flatMap(\.patches)
        for patch in patches {
            #expect((patch.x - area.x1).isMultiple(of: 60) && (area.y1 - patch.y).isMultiple(of: 60))
            #expect(patch.x >= area.x1 && patch.x + 1800 <= area.x2)
            #expect(patch.y <= area.y1 && patch.y - 1800 >= area.y2)
        }
        // Three places each way: all nine are found, the outermost too.
        #expect(Set(patches.map { [$0.x, $0.y] }).count == 9)
    }

    @Test func theWindowHasWholePixelsAtEveryResolution() {
        let patch = Patch(x: 400_080, y: 6_699_900, size: 600)
        let fine = PixelGrid(width: 192, height: 192, left: 399_960, top: 6_700_020, metres: 10)
        let coarse = PixelGrid(width: 32, height: 32, left: 399_960, top: 6_700_020, metres: 60)
        #expect(patch.window(in: fine) == PixelWindow(x: 12, y: 12, width: 60, height: 60))
        #expect(patch.window(in: coarse) == PixelWindow(x: 2, y: 2, width: 10, height: 10))
    }

    @Test(arguments: [0, -60, 610, 1980])
    func sizesThatFitNowhereAreRefused(_ size: Int) {
        let error = #expect(throws: PipelineError.self) {
            try PatchPlan(area: area, size: size, repeats: 1, contenders: 1, seed: 1)
        }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("\(size)") == true)
    }

    @Test func anAreaIsMovedInwardsToPixelEdgesAndMustLieWithinTheTile() throws {
        let grid = PixelGrid(width: 32, height: 32, left: 399_960, top: 6_700_020, metres: 60)
        let snapped = try PatchArea(x1: 399_961, y1: 6_700_000, x2: 401_000, y2: 6_699_000).snapped(to: grid)
        #expect(snapped == PatchArea(x1: 400_020, y1: 6_699_960, x2: 400_980, y2: 6_699_000))
        #expect(try area.snapped(to: grid) == area)
        #expect(throws: PipelineError.self) {
            try PatchArea(x1: 399_959, y1: 6_700_020, x2: 401_880, y2: 6_698_100).snapped(to: grid)
        }
    }
}
