import Logging

/// One run of staging under its locks: finds out what is missing, makes sure that it fits, and brings it.
///
/// All formats come together, tile-year by tile-year; where copies are measured they come one after the other, so that each
/// has a time of its own.
struct StagingRun {
    /// What comes in one go.
    private struct Part {
        let trees: [StagingJob.Tree]
        let work: StagingWork
        /// Seconds that it took to find out what is missing.
        let planning: Double

        var files: [any IncomingFile] { work.missing.map(\.file) }
        var isEmpty: Bool { work.missing.isEmpty && work.presentCount == 0 }
    }

    // Large enough that flushing the disk between two portions costs little.
    private static let portionBytes = 1 << 30
    private static let remedy = "stage less with --tile_id, --year, --resolution or --formats"

    let settings: StagingJob.Settings
    /// nil for a dry run.
    let locks: TargetLocks?
    let executor: BlockingExecutor
    let log: Logger

    func run() async throws -> JobOutcome {
        let parts = try await makeParts()
        parts.forEach(tell)
        if parts.allSatisfy(\.isEmpty) {
            let selection = FileSelection(filter: settings.filter)
            if let absence = selection.absence(at: settings.trees.map(\.sourceName)) { throw absence }
        }
        return try await bring(parts)
    }

    private func makeParts() async throws -> [Part] {
        let groups = settings.record == nil ? [settings.trees] : settings.trees.map { [$0] }
        var parts: [Part] = []
        for trees in groups {
            var settings = settings
            settings.trees = trees
            let start = SystemClock.seconds()
            let work = try await StagingWork(settings, locks: locks, on: executor)
            parts.append(Part(trees: trees, work: work, planning: SystemClock.seconds() - start))
        }
        return parts
    }

    private func tell(_ part: Part) {
        let name = settings.record == nil ? "" : part.trees.map { "\($0.format): " }.joined()
        let (count, bytes) = (part.files.count, part.files.reduce(0) { $0 + $1.size })
        let present = "\(part.work.presentCount) files are already there"
        log.info("\(name)\(count) files, \(formatBytes(bytes)) to stage; \(present)")
        guard count == 0 else { return }
        log.info("\(name)nothing to do: \(part.isEmpty ? "no file matches the selection" : "everything is staged")")
    }

    private func bring(_ parts: [Part]) async throws -> JobOutcome {
        let files = parts.flatMap(\.files)
        // The first part has to wait until it is known that the last one fits too.
        if parts.count > 1, locks != nil {
            try await executor.run { try FreeSpace.check(files, remedy: Self.remedy) }
        }
        let deadline = settings.deadline.map { StagingDeadline($0, total: files.reduce(0) { $0 + $1.size }) }
        var record = CopyRecord(
            from: settings.trees.map(\.storage).first ?? .network,
            resolutions: settings.resolutions
        )
        var outcome = JobOutcome()
        try write(record)
        for part in parts {
            let (ended, copy) = try await bring(part, deadline: deadline)
            outcome.add(ended)
            guard let name = part.trees.first?.format.name, !part.isEmpty else { continue }
            record.copies[name] = copy
            // Now, so that it is known of the formats that were finished where a later one ends the run.
            try write(record)
        }
        return outcome
    }

    private func write(_ record: CopyRecord) throws {
        guard let path = settings.record, locks != nil else { return }
        try record.write(to: path)
    }

    private func bring(
        _ part: Part,
        deadline: StagingDeadline?
    ) async throws -> (outcome: JobOutcome, copy: CopyRecord.Copy) {
        let start = SystemClock.seconds()
        var outcome = JobOutcome(skipped: part.work.presentCount)
        part.work.refusals.forEach { outcome.add($0) }
        let arrived = try await copy(part, deadline: deadline)
        outcome.finished = arrived.finished
        arrived.failures.forEach { outcome.add($0) }
        let copy = CopyRecord.Copy(
            seconds: part.planning + SystemClock.seconds() - start,
            bytes: arrived.bytes,
            files: arrived.finished,
            alreadyThere: part.work.presentCount,
            failed: outcome.failures.count,
            tileYears: Set(part.work.missing.compactMap(\.unit.tileYear)).sorted().map(\.description)
        )
        return (outcome, copy)
    }

    private func copy(
        _ part: Part,
        deadline: StagingDeadline?
    ) async throws -> (finished: Int, bytes: Int, failures: [PipelineError]) {
        guard !part.files.isEmpty, locks != nil else { return (0, 0, []) }
        return try await ArrivalRun(
            words: (during: "staging", after: "staged"),
            folders: part.trees.map(\.target),
            verifies: settings.verification == .checksum,
            remedy: Self.remedy,
            options: settings.options,
            log: log
        ).run(part.work.portions(bytes: Self.portionBytes), on: executor) { files, bytes in
            try deadline?.begin(files, bytes: bytes)
        }
    }
}

extension StagingJob.Tree {
    fileprivate var sourceName: String {
        switch source {
        case .folder(let path): path
        case .bucket(let store): "\(store)"
        }
    }

    fileprivate var storage: Storage {
        switch source {
        case .folder: .network
        case .bucket: .s3
        }
    }
}
