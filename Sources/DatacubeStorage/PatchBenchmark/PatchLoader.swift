/// One worker: its threads and the memory that it loads patches into.
struct PatchLoader: Sendable {
    let threads: PatchThreads
    let series: PatchSeries
    private let count: Int

    /// Allocates for the largest load: 2.9 MB a date for patches of 5100 m.
    init(threads count: Int, dates: Int, patchSize: Int) throws {
        self.count = count
        threads = PatchThreads(count)
        series = try PatchSeries(dates: dates, patchSize: patchSize)
    }

    /// Another one like this.
    func another(patchSize: Int) throws -> PatchLoader {
        try PatchLoader(threads: count, dates: series.dates, patchSize: patchSize)
    }

    /// Forgets what was loaded before; not part of what is measured.
    func forget() async throws { try await series.forget(on: threads.processors) }

    /// Loads a patch of some products and returns the seconds that it took, from planning to the last pixel.
    func load(_ patch: Patch, from source: any PatchSource, products: [Int]) async throws -> Double {
        let executor = threads.executor(for: source.store)
        let start = SystemClock.seconds()
        try await source.load(series.windows(of: patch, in: source.grids), products: products, on: executor)
        return SystemClock.seconds() - start
    }
}
