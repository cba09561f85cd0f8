import Logging

/// One format's data of a tile-year, opened to load patches.
protocol PatchSource: Sendable {
    /// The products that it has, in the order of its time axis.
    var identifiers: [String] { get }
    /// Whether that order is by sensing time to the millisecond; names tell it by the second only.
    var isInExactOrder: Bool { get }
    /// Where it lies.
    var store: any ObjectStore { get }
    /// Where the pixels of the resolutions that are loaded lie: those of every date but of ``strays``.
    var geocoding: TileGeocoding { get }
    /// A line for each date that says to lie elsewhere; its pixels are as many and can be loaded like the others.
    var strays: [String] { get }
    /// Whether opening it made an index that could have been kept.
    var madeIndex: Bool { get }

    /// Finds out what is to be done to load windows of all bands of some products.
    ///
    /// `products` are positions in ``identifiers``, each in range; threads are how many will share the work.
    func reading(_ windows: [PatchWindow], products: [Int], threads: Int) throws -> PatchReading

    /// The keys of the objects that hold those pixels.
    func objects(_ window: PatchWindow, products: [Int]) throws -> [String]

    /// What is recorded of each date, for the bands of each resolution that is loaded, in the order of ``identifiers``.
    func recordedDates(on executor: BlockingExecutor) async throws -> [Resolution: RecordedDates]

    /// What the data say of themselves besides pixels, which costs reading metadata only.
    func description(on executor: BlockingExecutor) async throws -> UnitDescription

    /// Looks at all bytes of some products as delivered, and says why those that are damaged are; there is nothing to say
    /// of what was made of such products.
    func damage(among suspects: Set<String>, on executor: BlockingExecutor) async throws -> [String: PipelineError]

    /// The same source without damaged products; an earlier processing that is there takes the place of each.
    func without(
        _ damaged: [String: PipelineError],
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource
}

/// Pixels of one resolution to load, and where they go.
struct PatchWindow: Sendable {
    let resolution: Resolution
    let window: PixelWindow
    /// Positions among the resolution's bands, in the order in which they are wanted.
    let bands: [Int]
    /// Filled as `(time, band, y, x)`.
    let pixels: PixelBuffer<UInt16>

    /// Wants all bands where none are named.
    init(resolution: Resolution, window: PixelWindow, bands: [Int]? = nil, pixels: PixelBuffer<UInt16>) {
        self.resolution = resolution
        self.window = window
        self.bands = bands ?? Array(resolution.bands.indices)
        self.pixels = pixels
    }

    /// Pixels of one date.
    var pixelsOfDate: Int { bands.count * window.pixelCount }
}

/// The work of loading some windows, in pieces that threads share.
struct PatchReading: Sendable {
    /// A piece of work.
    typealias Piece = @Sendable () throws -> Void

    /// What has to be known before anything else can be planned; none where everything is.
    var preparations: [Piece] = []
    /// How many pieces at a time the memory is meant for that they take.
    var atMost = Int.max
    /// What is left to do after that; pieces write disjoint parts of the pixels, and the first should begin first.
    let pieces: @Sendable () throws -> [Piece]
}

extension [PatchReading] {
    /// Does all of the work; each file that it needs is opened once.
    func run(on executor: BlockingExecutor) async throws {
        let files = OpenFiles()
        func run(_ pieces: [PatchReading.Piece], atMost limit: Int = .max) async throws {
            try await executor.forEach(pieces.count, atMost: limit) { number in
                try OpenFiles.$current.withValue(files) { try pieces[number]() }
            }
        }
        try await run(flatMap(\.preparations))
        try await run(flatMap { try $0.pieces() }, atMost: map(\.atMost).min() ?? .max)
    }
}

extension PatchSource {
    var isInExactOrder: Bool { false }
    var strays: [String] { [] }
    var madeIndex: Bool { false }

    func damage(among suspects: Set<String>, on executor: BlockingExecutor) async throws -> [String: PipelineError] {
        [:]
    }

    func without(
        _ damaged: [String: PipelineError],
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        self
    }

    /// The pixel grids of the resolutions that are loaded.
    var grids: [Resolution: PixelGrid] { geocoding.grids }

    /// Loads windows, everything in flight at once, the first windows first.
    func load(_ windows: [PatchWindow], products: [Int], on executor: BlockingExecutor) async throws {
        let threads = store.properties.pieces(for: executor.width)
        try await [reading(windows, products: products, threads: threads)].run(on: executor)
    }
}
