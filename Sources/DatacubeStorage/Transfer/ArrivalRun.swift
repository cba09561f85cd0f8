import Logging

/// Files that are brought together: all of them are in place before the next ones begin.
struct ArrivalPortion {
    var files: [any IncomingFile]
    /// What goes from the target before: what declares, and what is no longer there.
    var removals: [FileRemoval] = []
    /// What of these files' units cannot be brought, by paths in the target.
    var failed = FileFailures()
}

/// A file of a target that has to go.
struct FileRemoval: Sendable {
    let path: String
    let lock: TargetLock?

    func run() throws { if let lock { try lock.remove(path) } else { try FileSystem.remove(path) } }
}

/// What all copies into folders do, wherever files come from: make sure that they fit, clear up, bring, tell.
struct ArrivalRun {
    /// How it is told: "staging", "staged".
    let words: (during: String, after: String)
    /// Where files go; what killed runs left there is removed.
    let folders: [String]
    /// Whether files are compared with their sources.
    let verifies: Bool
    /// What the user can do where space is missing.
    let remedy: String
    let options: RunOptions
    let log: Logger

    /// Brings the files, portion by portion.
    ///
    /// - Parameters:
    ///   - portions: Each is complete before the next one begins.
    ///   - executor: Where files are read and written.
    ///   - mayBegin: Called before a batch of so many files and bytes; what it throws ends the run.
    /// - Returns: How many are in place, their bytes, and what failed for one file only.
    /// - Throws: `noSpace` before anything is copied, or what concerns all files; what was finished stays.
    func run(
        _ portions: [ArrivalPortion],
        on executor: BlockingExecutor,
        mayBegin: (_ files: Int, _ bytes: Int) throws -> Void = { _, _ in }
    ) async throws -> (finished: Int, bytes: Int, failures: [PipelineError]) {
        let files = portions.flatMap(\.files)
        try await executor.run { [folders, remedy] in
            try FreeSpace.check(files, remedy: remedy)
            for folder in folders { try AtomicFile.removeLeftovers(below: folder) }
        }
        guard !files.isEmpty else { return (0, 0, []) }
        let bytes = files.reduce(0) { $0 + $1.size }
        let progress = Progress(words.during, total: bytes, unit: .bytes, style: options.progress, log: log)
        defer { progress.finish() }
        let start = SystemClock.seconds()
        var arrived: (finished: Int, bytes: Int, failures: [PipelineError]) = (0, 0, [])
        for portion in portions {
            var removals = portion.removals
            let arrival = FileArrival(portion.files, failed: portion.failed)
            let part = try await arrival.run(verifies: verifies, on: executor, progress) { files, bytes in
                try mayBegin(files, bytes)
                // Flushed with the first batch, before that gives any file its name.
                try await executor.run { [removals] in for removal in removals { try removal.run() } }
                removals = []
            }
            arrived.finished += part.finished
            arrived.bytes += part.bytes
            arrived.failures += part.failures
        }
        let transfer = formatTransfer(arrived.bytes, seconds: SystemClock.seconds() - start)
        let check = verifies ? "checksum" : "size"
        log.info("\(words.after) \(arrived.finished) files, \(transfer), verified by \(check)")
        return arrived
    }
}
