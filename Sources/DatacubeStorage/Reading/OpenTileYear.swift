public import Logging

/// A tile-year that is open to read windows of it, by any thread.
///
/// What lies there is as it was when it was opened: dates that are added later are seen by those who open it later.
public final class OpenTileYear: Sendable {
    /// `safe`, `zarr` and so on.
    public let format: DataFormat
    let data: StoredTileYear
    let source: any PatchSource
    /// What is recorded of each date, in order of time.
    let recorded: [Resolution: RecordedDates]
    /// Where the source has each date.
    let positions: [Int]
    private let executor: BlockingExecutor
    private let spare = SpareBuffers()

    /// Opens what a place has, which reads metadata only; part of it on the calling thread.
    ///
    /// - Parameters:
    ///   - place: The tile-year, and where it lies.
    ///   - environment: The process's variables.
    ///   - log: What is left out and why.
    /// - Throws: ``PipelineError`` where there is nothing, or nothing that can be read.
    public init(_ place: TileYearPlace, environment: [String: String], log: Logger) async throws {
        let (format, data) = try place.find(environment, log: log)
        let threads = place.threads ?? ProcessorCount.granted
        let executor = BlockingExecutor(width: data.store.properties.width(for: threads))
        let opening = SourceOpening(data: data, indices: .use, executor: executor, log: log)
        source = try await format.layout.open(opening)
        let recorded = try await source.recordedDates(on: executor)
        let positions = Self.order(recorded.values.first?.steps ?? [])
        self.recorded = recorded.mapValues { dates in
            var ordered = dates
            ordered.steps = positions.map { dates.steps[$0] }
            return ordered
        }
        self.positions = positions
        (self.format, self.data, self.executor) = (format, data, executor)
        for line in source.strays { log.warning("\(line)") }
    }

    /// Names, by which some sources are in order, tell the time by the second only.
    private static func order(_ steps: [TimeStep]) -> [Int] {
        func key(_ position: Int) -> (Int64, Int64, String) {
            (steps[position].time, steps[position].granuleSensingTime, steps[position].productIdentifier)
        }
        return steps.indices.sorted { key($0) < key($1) }
    }

    /// The products of the dates, in their order.
    var identifiers: [String] { (recorded.values.first?.steps ?? []).map(\.productIdentifier) }

    /// The tile's pixels of 60 m, or of the coarsest resolution that was opened.
    var grid: PixelGrid {
        get throws {
            guard let grid = source.grids.max(by: { $0.key < $1.key })?.value else {
                throw PipelineError(.notFound, "\(data.tileYear): there is no resolution to load")
            }
            return grid
        }
    }

    /// Reads windows, all at once.
    ///
    /// Memory: none beyond the callers' arrays where these are contiguous DN; the windows' DN once more otherwise, which is kept
    /// for the next read.
    ///
    /// - Throws: `configuration` where a request asks for what is not there, before anything is read; `CancellationError`;
    ///   otherwise what the arrays hold is undefined.
    public func read(_ requests: [WindowRequest]) async throws {
        let reads = try requests.map { try WindowRead($0, of: self) }
        let buffers = try reads.map { $0.isDirect ? nil : try spare.take($0.pixelCount) }
        defer { for buffer in buffers { if let buffer { spare.give(buffer) } } }
        let windows = zip(reads, buffers).map { read, buffer in (read, read.window(to: buffer)) }
        try await load(windows)
        let copies = zip(reads, buffers).flatMap { read, buffer in buffer.map { read.copies(from: $0) } ?? [] }
        try await executor.forEach(copies.count) { copies[$0]() }
    }

    private func load(_ windows: [(read: WindowRead, window: PatchWindow)]) async throws {
        var groups: [(products: [Int], windows: [PatchWindow])] = []
        for (read, window) in windows {
            if let group = groups.firstIndex(where: { $0.products == read.products }) {
                groups[group].windows.append(window)
            } else {
                groups.append((read.products, [window]))
            }
        }
        let pieces = data.store.properties.pieces(for: executor.width)
        let readings = try groups.map { try source.reading($0.windows, products: $0.products, threads: pieces) }
        try await readings.run(on: executor)
    }

    /// Keeps the threads of tile-years from beginning anything, and waits a moment for what they do: so a process may fork.
    static func pause(_ tileYears: [OpenTileYear], seconds: Double) {
        BlockingExecutor.pause(tileYears.map(\.executor), seconds: seconds)
    }

    func resume() { executor.resume() }
}
