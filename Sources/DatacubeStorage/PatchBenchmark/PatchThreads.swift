/// Threads to load with: as many as processors for files, more for objects across a network.
struct PatchThreads: Sendable {
    /// For work that keeps a processor busy.
    let processors: BlockingExecutor
    private let requests: BlockingExecutor

    // What S3 asks for; threads that wait need no processor.
    static let requestsInFlight = 32

    init(_ count: Int) {
        processors = BlockingExecutor(width: count)
        requests = BlockingExecutor(width: max(count, Self.requestsInFlight))
    }

    /// The threads that read from a store.
    func executor(for store: any ObjectStore) -> BlockingExecutor {
        store.properties.isDistant ? requests : processors
    }
}
