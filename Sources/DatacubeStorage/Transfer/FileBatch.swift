import Synchronization

/// Files that are fetched, flushed, verified and named together, so that they share one flush of the file system.
struct FileBatch {
    private struct Piece {
        let file: Int
        let range: Range<Int>
    }

    // So large that the time until its first byte does not count.
    private static let largePieceBytes = 8 << 20

    private let files: [any IncomingFile]
    private let pieces: [Piece]

    init(_ files: [any IncomingFile]) {
        self.files = files
        pieces = files.enumerated().flatMap { index, file in file.pieces.map { Piece(file: index, range: $0) } }
    }

    /// Brings all files under their temporary names.
    ///
    /// - Returns: Which of them failed for themselves.
    /// - Throws: The first other failure; then none of the temporary names stays.
    func fetch(on executor: BlockingExecutor, _ progress: Progress) async throws -> BatchFailures {
        try await discardingOnFailure {
            let failures = BatchFailures()
            try await createFolders(on: executor)
            try await executor.forEach(pieces.count, atMost: piecesAtATime) { [files, pieces] index in
                let piece = pieces[index]
                try failures.collect(piece.file) { try files[piece.file].fetch(piece.range) }
                progress.advance(by: piece.range.count)
            }
            return failures
        }
    }

    private var piecesAtATime: Int {
        // Of most of the bytes, that is: one large file among many small ones changes nothing.
        let bytes = files.reduce(0) { $0 + $1.size }
        return bytes >= pieces.count * Self.largePieceBytes ? files.map(\.mostLargePieces).min() ?? .max : .max
    }

    /// Ends with all files in place, on disk and verified, but those that failed for themselves, then or before, and
    /// those that would declare them complete.
    ///
    /// - Parameters:
    ///   - failures: Of this batch.
    ///   - earlier: Of the batches before.
    ///   - verifies: Whether files are compared with their sources.
    ///   - executor: Where that is done.
    /// - Returns: How many files got their names, and all failures up to this batch.
    /// - Throws: The first other failure; then none of the temporary names stays.
    func settle(
        _ failures: BatchFailures,
        earlier: FileFailures,
        verifies: Bool,
        on executor: BlockingExecutor
    ) async throws -> (published: Int, bytes: Int, failures: FileFailures) {
        try await discardingOnFailure {
            async let isFlushed: Void = flush(on: executor)
            if verifies { try await verify(failures, on: executor) }
            try await isFlushed
            return try await publish(failures, earlier: earlier, on: executor)
        }
    }

    /// Gives the files their names, rank by rank.
    private func publish(
        _ failures: BatchFailures,
        earlier: FileFailures,
        on executor: BlockingExecutor
    ) async throws -> (published: Int, bytes: Int, failures: FileFailures) {
        var (published, bytes, all) = (0, 0, earlier)
        let byRank = Dictionary(grouping: files.indices) { files[$0].rank }
        var areNamesOnDisk = false
        for (rank, indices) in byRank.sorted(by: { $0.key < $1.key }) {
            // The names of data, of earlier batches too, must be on disk before anything that declares them complete.
            // Above that are a datacube's groups: one whose array is missing says so, an array whose chunks are missing
            // does not.
            if rank > 0, !areNamesOnDisk {
                try await flush(on: executor)
                areNamesOnDisk = true
            }
            let known = all
            let sound = indices.filter { !failures.has($0) && !known.withhold(files[$0].target, rank: rank) }
            try await executor.forEach(sound.count, urgently: true) { [files] in try files[sound[$0]].publish() }
            for index in Set(indices).subtracting(sound).sorted() { files[index].discard() }
            for index in indices {
                if let error = failures.error(of: index) { all.add(error, at: files[index].target) }
            }
            published += sound.count
            bytes += sound.reduce(0) { $0 + files[$1].size }
        }
        return (published, bytes, all)
    }

    // All steps of this end of a batch are urgent: the next batch is being fetched, and the one after it waits for both.
    private func verify(_ failures: BatchFailures, on executor: BlockingExecutor) async throws {
        // The largest first, so that none of them is left to be hashed alone.
        let order = files.indices.sorted { files[$0].size > files[$1].size }
        try await executor.forEach(order.count, urgently: true) { [files] place in
            let index = order[place]
            try failures.collect(index) { try files[index].verify() }
        }
    }

    private func discardingOnFailure<Value>(_ steps: () async throws -> Value) async throws -> Value {
        do {
            return try await steps()
        } catch {
            for file in files { file.discard() }
            throw error
        }
    }

    private var folders: [String] { Set(files.map { FileSystem.parent(of: $0.target) }).sorted() }

    private func createFolders(on executor: BlockingExecutor) async throws {
        try await executor.run { [folders] in try folders.forEach { try FileSystem.createDirectories($0) } }
    }

    /// Waits until the disks have what was written and named.
    func flush(on executor: BlockingExecutor) async throws {
        // A lock's folder is on the disk that its files go to: they get there by renaming.
        let folders = Set(files.map { $0.lock?.workFolder ?? FileSystem.parent(of: $0.target) })
        try await executor.run(urgently: true) {
            var flushed: Set<UInt64> = []
            for folder in folders {
                guard let device = try FileSystem.status(folder)?.device, flushed.insert(device).inserted else {
                    continue
                }
                try LocalFile(reading: folder).synchronizeFileSystem()
            }
        }
    }
}

/// Files of a batch that failed for themselves.
final class BatchFailures: Sendable {
    private let errors = Mutex<[Int: PipelineError]>([:])

    fileprivate func error(of index: Int) -> PipelineError? { errors.withLock { $0[index] } }

    fileprivate func has(_ index: Int) -> Bool { error(of: index) != nil }

    /// Does a step of a file, unless an earlier one failed; a failure that concerns others too is thrown.
    fileprivate func collect(_ index: Int, step: () throws -> Void) throws {
        guard !has(index) else { return }
        do {
            try step()
        } catch {
            guard let error = FileFailures.ofOneFile(error) else { throw error }
            errors.withLock { $0[index] = $0[index] ?? error }
        }
    }
}
