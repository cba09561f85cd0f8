/// One worker: its threads and the memory that it loads patches into.
struct PatchLoader: Sendable {
    let executor: BlockingExecutor
    let series: PatchSeries

    /// Allocates for the largest load: 2.9 MB a date for patches of 5100 m.
    init(threads: Int, dates: Int, patchSize: Int) throws {
        executor = BlockingExecutor(width: threads)
        series = try PatchSeries(dates: dates, patchSize: patchSize)
    }

    /// Loads a patch and returns the seconds that it took.
    func load(_ patch: Patch, from source: any PatchSource, products: [Int]) async throws -> Double {
        try await series.load(patch, from: source, products: products, on: executor)
    }
}
