/// Threads to load with: as many as processors for files, more for objects across a network.
struct PatchThreads: Sendable {
    /// For work that keeps a processor busy.
    let processors: BlockingExecutor
    private let requests: BlockingExecutor

    /// Requests to S3 in flight.
    ///
    /// A server 20 ms away that answers with 1 MB each then fills 10 Gbit/s. The threads that wait need no processor.
    static let requestsInFlight = 32

    init(_ count: Int) {
        processors = BlockingExecutor(width: count)
        requests = BlockingExecutor(width: max(count, PatchThreads.requestsInFlight))
    }

    /// The threads that read from a store.
    func executor(for store: any ObjectStore) -> BlockingExecutor { store is LocalStore ? processors : requests }
}
