import Logging

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
    /// - Returns: How many are in place, and what failed for one file only.
    /// - Throws: `noSpace` before anything is copied, or what concerns all files; what was finished stays.
    func run(
        _ portions: [[any IncomingFile]],
        on executor: BlockingExecutor,
        mayBegin: (_ files: Int, _ bytes: Int) throws -> Void = { _, _ in }
    ) async throws -> (finished: Int, failures: [PipelineError]) {
        let files = portions.flatMap { $0 }
        try await executor.run { [folders, remedy] in
            try FreeSpace.check(files, remedy: remedy)
            for folder in folders { try AtomicFile.removeLeftovers(below: folder) }
        }
        guard !files.isEmpty else { return (0, []) }
        let bytes = files.reduce(0) { $0 + $1.size }
        let progress = Progress(words.during, total: bytes, unit: .bytes, style: options.progress, log: log)
        defer { progress.finish() }
        let start = SystemClock.seconds()
        var arrived: (finished: Int, failures: [PipelineError]) = (0, [])
        for portion in portions {
            let part = try await FileArrival(portion).run(
                verifies: verifies,
                on: executor,
                progress,
                mayBegin: mayBegin
            )
            arrived.finished += part.finished
            arrived.failures += part.failures
        }
        let transfer = formatTransfer(bytes, seconds: SystemClock.seconds() - start)
        let check = verifies ? "checksum" : "size"
        log.info("\(words.after) \(arrived.finished) files, \(transfer), verified by \(check)")
        return arrived
    }
}
