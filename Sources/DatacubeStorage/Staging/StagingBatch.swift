import Synchronization

/// Files that are copied, flushed, verified and named together, so that they share one flush of the file system.
struct StagingBatch {
    private let copies: [FileCopy]
    private let verification: StagingJob.Verification

    init(_ copies: [FileCopy], verification: StagingJob.Verification) {
        self.copies = copies
        self.verification = verification
    }

    /// Ends with all files in place, or throws the first failure and leaves no temporary name behind.
    func run(on executor: BlockingExecutor, _ progress: Progress) async throws {
        do {
            let checksums = Mutex([UInt32](repeating: 0, count: copies.count))
            try await executor.forEach(copies.count) { [copies] index in
                let checksum = try copies[index].copy()
                checksums.withLock { $0[index] = checksum }
                progress.advance(by: copies[index].status.size)
            }
            try await executor.run { [copies] in try StagingBatch.flush(copies) }
            if verification == .checksum {
                let expected = checksums.withLock { $0 }
                try await executor.forEach(copies.count) { [copies] in try copies[$0].verify(expected[$0]) }
            }
            try await executor.forEach(copies.count) { [copies] in try copies[$0].publish() }
            // The names too must be on disk before anything that declares this batch complete.
            try await executor.run { [copies] in try StagingBatch.flush(copies) }
        } catch {
            for copy in copies { copy.discard() }
            throw error
        }
    }

    private static func flush(_ copies: [FileCopy]) throws {
        var flushed: Set<UInt64> = []
        for folder in Set(copies.map { FileSystem.parent(of: $0.target) }) {
            guard let device = try FileSystem.status(folder)?.device, flushed.insert(device).inserted else { continue }
            try LocalFile(reading: folder).synchronizeFileSystem()
        }
    }
}

/// The locks of all target folders of a run.
final class StagingLocks {
    private var locks: [LockBox] = []

    init(_ targets: [String]) throws {
        for target in targets {
            try FileSystem.createDirectories(target)
            locks.append(try LockBox(FileSystem.join(target, ".stage.lock")))
        }
    }

    func release() { locks = [] }

    // An array cannot hold a noncopyable lock itself.
    private final class LockBox {
        private let lock: TargetLock
        init(_ path: String) throws { lock = try TargetLock(path: path) }
    }
}
