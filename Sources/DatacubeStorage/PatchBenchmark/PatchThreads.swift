/// Threads to load with: as many as processors for files, more for objects across a network.
struct PatchThreads: Sendable {
    /// For work that keeps a processor busy.
    let processors: BlockingExecutor
    private let requests: BlockingExecutor

    init(_ count: Int) {
        processors = BlockingExecutor(width: count)
        // Those that wait need no processor.
        requests = BlockingExecutor(width: max(count, StoreProperties.mostRequestsInFlight))
    }

    /// The threads that read from a store.
    func executor(for store: any ObjectStore) -> BlockingExecutor {
        store.properties.isDistant ? requests : processors
    }
}
