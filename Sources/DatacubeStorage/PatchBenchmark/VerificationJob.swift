public import Logging

/// Proves that all sources hold the same pixels: every date, band and position of a tile-year.
public struct VerificationJob: Sendable {
    /// What to compare.
    public struct Settings: Sendable {
        /// Storages, formats, tile and year; the first place is what the others are compared with.
        public var selection: PatchSelection
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(selection: PatchSelection, options: RunOptions) {
            self.selection = selection
            self.options = options
        }
    }

    private let settings: Settings
    private let log: Logger
    private let threads: PatchThreads

    // As deep as a chunk of the seed layout.
    private static let datesAtOnce = 10

    /// Creates a job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
        threads = PatchThreads(settings.options.jobs)
    }

    /// Compares block by block, two arrays of at most 197 MB at a time.
    ///
    /// - Returns: a failure for each source that differs, and for each product that not all sources have.
    /// - Throws: ``PipelineError`` when a source is missing or cannot be read.
    public func run() async throws -> JobOutcome {
        try await endingCallsOnCancellation(settings.selection.places.map(\.store)) { try await compareAll() }
    }

    private func compareAll() async throws -> JobOutcome {
        let set = try await SourceSet.open(
            settings.selection,
            mayWrite: !settings.options.dryRun,
            on: threads,
            log: log
        )
        let blocks = Resolution.allCases.flatMap { self.blocks($0, set: set) }
        let pixels = blocks.reduce(0) { $0 + $1.pixelCount }
        let names = set.sources.map { $0.name }.joined(separator: ", ")
        log.info(
            "\(set.tileYear): \(set.identifiers.count) dates, \((Double(pixels) / 1e6).fixed(0)) Mpixel each in \(names)"
        )
        guard !settings.options.dryRun else { return JobOutcome() }
        let progress = Progress(
            "verification",
            total: pixels * set.sources.count,
            unit: .pixels,
            style: settings.options.progress,
            log: log
        )
        var differences = set.sources.map { _ in SourceDifference() }
        for block in blocks {
            try await compare(block, set: set, into: &differences, progress: progress)
        }
        progress.finish()
        return outcome(set, differences: differences, pixels: pixels)
    }

    private func outcome(_ set: SourceSet, differences: [SourceDifference], pixels: Int) -> JobOutcome {
        var outcome = JobOutcome(failures: set.leftOut)
        for (source, difference) in zip(set.sources, differences).dropFirst() {
            if let first = difference.first {
                let planes = "\(difference.planes) planes differ from \(set.sources[0].name)"
                outcome.failures.append("mismatch: \(source.name): \(planes), first \(first); convert or stage again")
            } else {
                outcome.finished += 1
                log.info(
                    "\(source.name) = \(set.sources[0].name): \(pixels) pixels of \(set.identifiers.count) dates are equal"
                )
            }
        }
        return outcome
    }

    private func compare(
        _ block: VerificationBlock,
        set: SourceSet,
        into differences: inout [SourceDifference],
        progress: Progress
    ) async throws {
        let reference = try await load(block, set: set, source: 0)
        progress.advance(by: block.pixelCount)
        for source in set.sources.indices.dropFirst() {
            let pixels = try await load(block, set: set, source: source)
            let found = try await threads.processors.run { block.differences(pixels, reference) }
            for position in found { differences[source].add(block.place(of: position, set.identifiers)) }
            progress.advance(by: block.pixelCount)
        }
    }

    private func load(_ block: VerificationBlock, set: SourceSet, source: Int) async throws -> PixelBuffer<UInt16> {
        let pixels = try PixelBuffer<UInt16>(zeroed: block.pixelCount)
        let executor = threads.executor(for: set.sources[source].place.store)
        try await threads.processors.forEach(block.planeCount) { plane in
            pixels.markUnwritten((plane * block.window.pixelCount)..<((plane + 1) * block.window.pixelCount))
        }
        let products = Array(set.positions[source][block.dates])
        let window = PatchWindow(resolution: block.resolution, window: block.window, pixels: pixels)
        try await set.sources[source].source.load([window], products: products, on: executor)
        return pixels
    }

    private func blocks(_ resolution: Resolution, set: SourceSet) -> [VerificationBlock] {
        guard let grid = set.grids[resolution] else { return [] }
        let side = VerificationBlock.side(resolution)
        let windows = PixelWindow.blocks(width: grid.width, height: grid.height, blockWidth: side, blockHeight: side)
        let dates = stride(from: 0, to: set.identifiers.count, by: Self.datesAtOnce).map {
            $0..<min($0 + Self.datesAtOnce, set.identifiers.count)
        }
        return dates.flatMap { dates in
            windows.map { VerificationBlock(resolution: resolution, grid: grid, dates: dates, window: $0) }
        }
    }
}

/// A part of the tile-year that is compared at once.
struct VerificationBlock: Sendable {
    let resolution: Resolution
    let grid: PixelGrid
    let dates: Range<Int>
    let window: PixelWindow

    var planeCount: Int { dates.count * resolution.bands.count }
    var pixelCount: Int { planeCount * window.pixelCount }

    /// Whole JPEG 2000 tiles of ESA's sizes, so that none is decoded twice.
    static func side(_ resolution: Resolution) -> Int {
        switch resolution {
        case .r10: 1024
        case .r20: 1280
        case .r60: 768
        }
    }

    /// The first position in each plane at which two arrays of this block differ.
    func differences(_ one: PixelBuffer<UInt16>, _ other: PixelBuffer<UInt16>) -> [Int] {
        (0..<planeCount).compactMap { plane in
            one.firstDifference(other, in: (plane * window.pixelCount)..<((plane + 1) * window.pixelCount))
        }
    }

    /// Date, band and position of a pixel of the block's array.
    func place(of position: Int, _ identifiers: [String]) -> String {
        let (plane, pixel) = (position / window.pixelCount, position % window.pixelCount)
        let band = resolution.bands[plane % resolution.bands.count]
        let date = identifiers[dates.lowerBound + plane / resolution.bands.count]
        let column = window.columns.lowerBound + pixel % window.width
        let row = window.rows.lowerBound + pixel / window.width
        return "\(band.name) of \(date) at column \(column) row \(row)"
    }
}

/// How a source differs from the first.
private struct SourceDifference: Sendable {
    var planes = 0
    var first: String?

    mutating func add(_ place: String) {
        planes += 1
        if first == nil { first = place }
    }
}
