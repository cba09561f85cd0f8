/// Brings many files into their folders: data first, then what declares them complete.
struct FileArrival {
    // A batch shares one flush of the file system, and is verified while the next one is fetched. Larger ones need fewer
    // flushes, smaller ones overlap more; at most two of them are lost when the job is killed.
    static let batchFiles = 4096
    // Nothing hides the flush of the last batch, so they become smaller towards the end, down to so many files and to this
    // part of the bytes.
    private static let lastFiles = 64
    private static let lastPart = 8

    private let files: [any IncomingFile]
    private let failed: FileFailures
    private let batchFiles: Int

    /// Takes the files in the order of their ranks, which keeps the order of files of one rank; what `failed` before keeps
    /// what would declare it complete away.
    init(_ files: [any IncomingFile], failed: FileFailures = FileFailures(), batchFiles: Int = Self.batchFiles) {
        self.batchFiles = batchFiles
        self.failed = failed
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
        mayBegin: (_ files: Int, _ bytes: Int) async throws -> Void = { _, _ in }
    ) async throws -> (finished: Int, bytes: Int, failures: [PipelineError]) {
        try await withThrowingTaskGroup(of: Settled.self) { group in
            var settled = Settled(failures: failed)
            do {
                for files in batches(bytes: files.first?.batchBytes ?? 0) {
                    let due = files.filter { !settled.failures.withhold($0.target, rank: $0.rank) }
                    try await mayBegin(due.count, due.reduce(0) { $0 + $1.size })
                    let batch = FileBatch(due)
                    let failed = try await batch.fetch(on: executor, progress)
                    // Each is fetched while the one before is flushed and verified.
                    settled = try await group.next() ?? settled
                    group.addTask { [settled] in
                        let ended = try await batch.settle(
                            failed,
                            earlier: settled.failures,
                            verifies: verifies,
                            on: executor
                        )
                        return Settled(
                            finished: settled.finished + ended.published,
                            bytes: settled.bytes + ended.bytes,
                            failures: ended.failures
                        )
                    }
                }
            } catch {
                // What was fetched before gets its names all the same.
                _ = try? await group.next()
                throw error
            }
            settled = try await group.next() ?? settled
            // The names that the last batches gave.
            try await FileBatch(files).flush(on: executor)
            return (settled.finished, settled.bytes, Array(settled.failures.errors.dropFirst(failed.errors.count)))
        }
    }

    /// What has come of the batches up to one of them.
    private struct Settled {
        var finished = 0
        var bytes = 0
        var failures = FileFailures()
    }

    /// Cuts the list into pieces of bounded size, none larger than what comes after it but the last ones.
    func batches(bytes: Int) -> [[any IncomingFile]] {
        var batches: [[any IncomingFile]] = []
        var left = (files: files.count, bytes: files.reduce(0) { $0 + $1.size })
        var (room, byteRoom) = (0, 0)
        for file in files {
            if room <= 0 || byteRoom < file.size {
                batches.append([])
                room = min(batchFiles, max(Self.lastFiles, left.files / 2))
                byteRoom = min(bytes, max(bytes / Self.lastPart, left.bytes / 2))
            }
            batches[batches.count - 1].append(file)
            (room, byteRoom) = (room - 1, byteRoom - file.size)
            left = (left.files - 1, left.bytes - file.size)
        }
        return batches
    }
}
