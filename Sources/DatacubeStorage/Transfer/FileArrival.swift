/// Brings many files into their folders: data first, then what declares them complete.
struct FileArrival {
    // A batch shares one flush of the file system. At most so much is lost when the job is killed.
    private static let batchFiles = 2048
    private static let batchBytes = 2 << 30

    private let files: [any IncomingFile]

    /// Takes the files in the order of their ranks, which keeps the order of files of one rank.
    init(_ files: [any IncomingFile]) {
        let ordered = files.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        self.files = ordered.map(\.element)
    }

    /// Fetches, verifies and names the files; one that failed for itself keeps only what declares it complete away.
    ///
    /// - Returns: How many are in place, and what failed.
    /// - Throws: What ends the whole run: a full disk, a server that is gone, `CancellationError`, what `mayBegin`
    ///   throws before a batch of so many files and bytes.
    func run(
        verifies: Bool,
        on executor: BlockingExecutor,
        _ progress: Progress,
        mayBegin: (_ files: Int, _ bytes: Int) throws -> Void = { _, _ in }
    ) async throws -> (finished: Int, failures: [PipelineError]) {
        var failures = FileFailures()
        var finished = 0
        for batch in batches(files: FileArrival.batchFiles, bytes: FileArrival.batchBytes) {
            let due = batch.filter { !failures.withhold($0.target, rank: $0.rank) }
            try mayBegin(due.count, due.reduce(0) { $0 + $1.size })
            let failed = try await FileBatch(due).run(verifies: verifies, on: executor, progress)
            for (index, error) in failed.sorted(by: { $0.key < $1.key }) { failures.add(error, at: due[index].target) }
            finished += due.count - failed.count
        }
        return (finished, failures.errors)
    }

    /// Cuts the list into pieces of one rank and bounded size; each piece is finished before the next begins.
    func batches(files most: Int, bytes: Int) -> [[any IncomingFile]] {
        var batches: [[any IncomingFile]] = []
        var size = 0
        for file in files {
            let last = batches.last ?? []
            if last.isEmpty || last[0].rank != file.rank || last.count >= most || size + file.size > bytes {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(file)
            size += file.size
        }
        return batches
    }
}
