import FoundationEssentials

/// The patches of a run as a file, so that other programs, and later runs, load exactly the same ones.
///
/// The names of the JSON keys are a contract with scripts that read them.
public struct PatchPlanFile: Codable, Sendable, Equatable {
    /// What is loaded between two looks at the clock.
    public struct Round: Codable, Sendable, Equatable {
        /// Those of all workers: the first of each, then the second of each.
        public var patches: [Corner]
        /// Names of sources, such as `temp zarr`, in the order in which they load; nil leaves the order to the seed.
        public var order: [String]?
    }

    /// Upper left corner of a patch in metres of the tile's UTM zone.
    public struct Corner: Codable, Sendable, Equatable {
        /// Easting.
        public var x: Int
        /// Northing.
        public var y: Int
    }

    /// MGRS tile.
    public var tile: String
    /// Year.
    public var year: Int
    /// What the patches were drawn with, and what an order that is not given is drawn with.
    public var seed: UInt64
    /// Side of a patch, metres.
    public var patchSize: Int
    /// Patches loaded at once; nil means all of a round.
    public var workers: Int?
    /// Upper left corner of the tile, from which pixels count at every resolution.
    public var upperLeft: Corner
    /// The products to load, in this order.
    public var products: [String]
    /// The first is the warm-up, which is not counted.
    public var rounds: [Round]

    // Beyond any easting or northing: arithmetic on them is safe.
    private static let mostMetres = 20_000_000

    enum CodingKeys: String, CodingKey {
        case tile, year, seed, workers, products, rounds
        case patchSize = "patch_size"
        case upperLeft = "upper_left"
    }

    /// Reads a plan.
    ///
    /// - Throws: ``PipelineError`` naming the file when it is none.
    public init(file path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw PipelineError(.corrupt, "\(path) is not a plan of patches", cause: String(describing: error))
        }
        let corners = rounds.flatMap(\.patches) + [upperLeft]
        guard (1...PatchPlanFile.mostMetres).contains(patchSize),
            corners.allSatisfy({
                $0.x.magnitude <= Self.mostMetres && $0.y.magnitude <= Self.mostMetres
            })
        else { throw PipelineError(.corrupt, "\(path): sizes and corners of patches are metres of a UTM zone") }
        guard let first = rounds.first, rounds.count > 1, !first.patches.isEmpty,
            rounds.allSatisfy({ $0.patches.count == first.patches.count }),
            (1...first.patches.count).contains(workers ?? 1)
        else {
            throw PipelineError(
                .configuration,
                "\(path): a plan has a warm-up and at least one round more, all with the same number of patches, at least one a worker"
            )
        }
    }

    /// Writes the plan as JSON; the file appears whole.
    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileSystem.createDirectories(FileSystem.parent(of: path))
        try AtomicFile.write(Array(encoder.encode(self)), to: path)
    }
}

extension PatchPlanFile {
    /// A plan that was drawn, for the sources of a run.
    init(
        _ plan: PatchPlan,
        of set: SourceSet,
        size: Int,
        workers: Int,
        seed: UInt64
    ) throws(PipelineError) {
        tile = set.tileYear.tile
        year = set.tileYear.year
        self.seed = seed
        patchSize = size
        self.workers = workers
        upperLeft = try Self.upperLeft(of: set)
        products = set.identifiers
        rounds = plan.rounds.map { round in
            Round(
                patches: round.patches.map { Corner(x: $0.x, y: $0.y) },
                order: round.order.filter(set.sources.indices.contains).map { set.sources[$0].name }
            )
        }
    }

    /// The plan for the sources of a run.
    ///
    /// - Throws: `mismatch` where the plan was made for another extent, `configuration` where a patch
    ///   does not fit the tile or an order leaves a source out.
    func plan(for set: SourceSet, contenders: Int) throws(PipelineError) -> PatchPlan {
        try check(set)
        var random = RandomSource(seed: seed)
        let names = set.sources.map(\.name)
        var planned: [PatchPlan.Round] = []
        for round in rounds {
            let order = round.order?.compactMap(names.firstIndex) ?? random.shuffled(Array(names.indices))
            guard order.sorted() == Array(names.indices) else {
                throw PipelineError(
                    .configuration,
                    "the plan's order must name each source once: \(names.joined(separator: ", "))"
                )
            }
            // Those that the plan does not know of, such as a control, have their turns at random among the others.
            let all = (names.count..<max(names.count, contenders)).reduce(into: order) { order, further in
                order.insert(further, at: random.below(order.count + 1))
            }
            planned.append(.init(patches: round.patches.map { Patch(x: $0.x, y: $0.y, size: patchSize) }, order: all))
        }
        return PatchPlan(rounds: planned)
    }

    private func check(_ set: SourceSet) throws(PipelineError) {
        let upperLeft = try Self.upperLeft(of: set)
        guard upperLeft == self.upperLeft else {
            throw PipelineError(
                .mismatch,
                "the plan is for \(set.tileYear) from (\(self.upperLeft.x), \(self.upperLeft.y)), the sources hold it "
                    + "from (\(upperLeft.x), \(upperLeft.y)); write another plan"
            )
        }
        guard let grid = set.grids.values.first?.coarsened(to: .r60) else { return }
        let area = PatchArea(grid)
        for patch in rounds.flatMap(\.patches) {
            let (right, down) = (patch.x - area.x1, area.y1 - patch.y)
            guard patchSize > 0, [right, down, patchSize].allSatisfy({ $0 >= 0 && $0.isMultiple(of: grid.metres) }),
                right + patchSize <= area.width, down + patchSize <= area.height
            else {
                throw PipelineError(
                    .configuration,
                    "the plan's patch of \(patchSize) m at (\(patch.x), \(patch.y)) does not lie on the tile's pixels "
                        + "of \(grid.metres) m"
                )
            }
        }
    }

    private static func upperLeft(of set: SourceSet) throws(PipelineError) -> Corner {
        guard let grid = set.grids.values.first?.coarsened(to: .r60) else {
            throw PipelineError(.corrupt, "\(set.tileYear) lacks its 60 m grid")
        }
        return Corner(x: Int(grid.left), y: Int(grid.top))
    }
}
