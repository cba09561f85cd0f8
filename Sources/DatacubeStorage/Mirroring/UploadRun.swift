import Logging
import Synchronization

/// Folders to buckets.
struct UploadRun {
    private let settings: MirrorJob.Settings
    private let locks: TargetLocks?
    private let executor: BlockingExecutor
    private let log: Logger

    init(_ settings: MirrorJob.Settings, locks: TargetLocks?, on executor: BlockingExecutor, log: Logger) {
        self.settings = settings
        self.locks = locks
        self.executor = executor
        self.log = log
    }

    func run() async throws -> JobOutcome {
        let plan = try await UploadWork(settings, on: executor)
        let bytes = plan.missing.reduce(0) { $0 + $1.status.size }
        log.info(
            "\(plan.missing.count) files, \(formatBytes(bytes)) to upload; \(plan.presentCount) are already there; \(plan.extraneous.count) objects have no file"
        )
        let holdings = try settings.quota.check(plan.holdings)
        log.info("afterwards: \(holdings)")
        var outcome = JobOutcome(skipped: plan.presentCount)
        plan.refusals.forEach { outcome.add($0) }
        if settings.deleteExtraneous, !plan.extraneous.isEmpty, plan.missing.isEmpty, plan.presentCount == 0 {
            throw PipelineError(.notFound, "the folders hold nothing of the selection; nothing is removed from buckets")
        }
        if plan.missing.isEmpty, plan.presentCount == 0, plan.extraneous.isEmpty,
            let absence = FileSelection(filter: settings.filter).absence(at: settings.trees.map(\.folder))
        {
            throw absence
        }
        guard !settings.options.dryRun else { return outcome }
        try await prepareBuckets(plan)
        try await upload(plan, bytes: bytes, into: &outcome)
        if settings.deleteExtraneous { try await remove(plan.extraneous, into: &outcome) }
        return outcome
    }

    private func prepareBuckets(_ plan: UploadWork) async throws {
        try await executor.run { [settings, log] in
            let buckets = Dictionary(settings.trees.map { ($0.store.bucket.name, $0.store.bucket) }) { first, _ in first
            }
            for bucket in buckets.sorted(by: { $0.key < $1.key }).map(\.value) {
                if plan.absent.contains(bucket.name) {
                    try bucket.create()
                    log.info("created \(bucket)")
                }
                if settings.publicRead { try bucket.allowPublicRead() }
            }
            try abortOrphans()
        }
    }

    // Only of the selection: others may upload elsewhere in the bucket.
    private func abortOrphans() throws {
        let selection = FileSelection(filter: settings.filter)
        for tree in settings.trees {
            let count = try tree.store.bucket.abortUnfinishedUploads(tree.store.prefix) { upload in
                selection.admits(String(upload.key.dropFirst(tree.store.prefix.count)), of: tree.format)
            }
            if count > 0 { log.info("aborted \(count) uploads that an earlier run left unfinished in \(tree.store)") }
        }
    }

    private func upload(_ plan: UploadWork, bytes: Int, into outcome: inout JobOutcome) async throws {
        let uploads = plan.missing
        guard !uploads.isEmpty else {
            log.info("nothing to do: every selected file is there")
            return
        }
        let progress = Progress("uploading", total: bytes, unit: .bytes, style: settings.options.progress, log: log)
        let start = SystemClock.seconds()
        try await withdraw(plan.removals)
        var failures = plan.failed
        var (finished, sent) = (0, 0)
        for rank in Set(uploads.map(\.rank)).sorted() {
            let due = uploads.filter { $0.rank == rank && !failures.withhold($0.path, rank: rank) }
            let failed = try await upload(due, progress: progress)
            for (upload, error) in failed { failures.add(error, at: upload.path) }
            finished += due.count - failed.count
            sent += due.reduce(0) { $0 + $1.status.size } - failed.reduce(0) { $0 + $1.0.status.size }
        }
        progress.finish()
        outcome.finished += finished
        failures.errors.dropFirst(plan.failed.errors.count).forEach { outcome.add($0) }
        let transfer = formatTransfer(sent, seconds: SystemClock.seconds() - start)
        log.info("uploaded \(finished) files, \(transfer)")
    }

    /// Removes what declares units that are about to change, and what they no longer have, in this order.
    private func withdraw(_ objects: [(bucket: S3Bucket, key: String)]) async throws {
        try await executor.run { [locks] in
            for (bucket, key) in objects {
                try locks?.check()
                try bucket.delete(key)
            }
        }
    }

    /// Files of one rank side by side; those that failed for themselves are returned.
    private func upload(_ uploads: [Upload], progress: Progress) async throws -> [(Upload, PipelineError)] {
        let failed = Mutex<[(Upload, PipelineError)]>([])
        try await forEachConcurrently(uploads, limit: executor.width) { [executor, locks] upload in
            do {
                try locks?.check()
                try await upload.run(on: executor)
            } catch {
                guard let error = FileFailures.ofOneFile(error) else { throw error }
                failed.withLock { $0.append((upload, error)) }
            }
            progress.advance(by: upload.status.size)
        }
        return failed.withLock { $0 }
    }

    private func remove(
        _ objects: [(bucket: S3Bucket, key: String, rank: Int)],
        into outcome: inout JobOutcome
    ) async throws {
        guard outcome.failures.isEmpty else {
            return log.warning("nothing is removed, because some files failed")
        }
        // What declares others complete goes first.
        for (_, objects) in Dictionary(grouping: objects, by: \.rank).sorted(by: { $0.key > $1.key }) {
            try await executor.forEach(objects.count) { [locks] index in
                try locks?.check()
                try objects[index].bucket.delete(objects[index].key)
            }
        }
        outcome.finished += objects.count
        log.info("removed \(objects.count) objects that have no file")
    }
}
