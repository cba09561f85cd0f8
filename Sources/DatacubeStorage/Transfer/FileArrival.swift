/// Brings many files into their folders: data first, then what declares them complete.
struct FileArrival {
    // A batch shares one flush of the file system, and is verified while the next one is fetched. Larger ones need fewer
    // flushes, smaller ones overlap more; at most two of them are lost when the job is killed.
    private static let batchFiles = 1024
    private static let batchBytes = 128 << 20

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
        let batches = batches(files: FileArrival.batchFiles, bytes: FileArrival.batchBytes)
        for ofOneRank in batches.split(whereNeighbours: { $0[0].rank != $1[0].rank }) {
            let due = ofOneRank.map { $0.filter { !failures.withhold($0.target, rank: $0.rank) } }
            for (files, failed) in try await run(due, verifies, on: executor, progress, mayBegin) {
                for (index, error) in failed.sorted(by: { $0.key < $1.key }) {
                    failures.add(error, at: files[index].target)
                }
                finished += files.count - failed.count
            }
        }
        return (finished, failures.errors)
    }

    private typealias Settled = (files: [any IncomingFile], failed: [Int: PipelineError])

    /// Runs batches that do not depend on one another: each is fetched while the one before is flushed and verified.
    private func run(
        _ batches: [[any IncomingFile]],
        _ verifies: Bool,
        on executor: BlockingExecutor,
        _ progress: Progress,
        _ mayBegin: (_ files: Int, _ bytes: Int) throws -> Void
    ) async throws -> [Settled] {
        try await withThrowingTaskGroup(of: Settled.self) { group in
            var settled: [Settled] = []
            do {
                for files in batches where !files.isEmpty {
                    try mayBegin(files.count, files.reduce(0) { $0 + $1.size })
                    let batch = FileBatch(files)
                    let failures = try await batch.fetch(on: executor, progress)
                    if let earlier = try await group.next() { settled.append(earlier) }
                    group.addTask { (files, try await batch.settle(failures, verifies: verifies, on: executor)) }
                }
            } catch {
                // What was fetched before gets its names all the same.
                _ = try? await group.next()
                throw error
            }
            if let last = try await group.next() { settled.append(last) }
            return settled
        }
    }

    /// Cuts the list into pieces of one rank and bounded size.
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

extension Array {
    /// The elements in runs, a new one wherever two neighbours differ.
    fileprivate func split(whereNeighbours differ: (Element, Element) -> Bool) -> [[Element]] {
        reduce(into: []) { runs, element in
            if let last = runs.last?.last, !differ(last, element) {
                runs[runs.count - 1].append(element)
            } else {
                runs.append([element])
            }
        }
    }
}
