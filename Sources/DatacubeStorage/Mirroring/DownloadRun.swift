import Logging

/// Buckets to folders.
struct DownloadRun {
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
        let plan = try await DownloadWork(
            trees,
            selection: FileSelection(filter: settings.filter),
            verification: settings.verification,
            on: executor
        )
        let bytes = plan.missing.reduce(0) { $0 + $1.size }
        log.info(
            "\(plan.missing.count) objects, \(formatBytes(bytes)) to download; \(plan.presentCount) are already there; \(plan.extraneous.count) files have no object"
        )
        var outcome = JobOutcome(skipped: plan.presentCount)
        plan.refusals.forEach { outcome.add($0) }
        if settings.deleteExtraneous, !plan.extraneous.isEmpty, plan.missing.isEmpty, plan.presentCount == 0 {
            throw PipelineError(.notFound, "the buckets hold nothing of the selection; nothing is removed from folders")
        }
        if plan.missing.isEmpty, plan.presentCount == 0, plan.extraneous.isEmpty, plan.refusals.isEmpty,
            let absence = FileSelection(filter: settings.filter).absence(at: settings.trees.map { "\($0.store)" })
        {
            throw absence
        }
        guard !settings.options.dryRun else { return outcome }
        try await download(plan, into: &outcome)
        if settings.deleteExtraneous {
            try await remove(plan.extraneous, into: &outcome)
            if outcome.failures.isEmpty { try await removeEmptyFolders() }
        }
        return outcome
    }

    private var trees: [DownloadWork.Tree] {
        settings.trees.map {
            DownloadWork.Tree(format: $0.format, store: $0.store, folder: $0.folder, lock: locks?[$0.folder])
        }
    }

    private func download(_ plan: DownloadWork, into outcome: inout JobOutcome) async throws {
        let files = plan.missing
        if files.isEmpty { log.info("nothing to do: every selected object is there") }
        let arrived = try await ArrivalRun(
            words: (during: "downloading", after: "downloaded"),
            folders: settings.trees.map(\.folder),
            verifies: true,
            remedy: "mirror less with --tile_id, --year or --formats",
            options: settings.options,
            log: log
        ).run(
            files.isEmpty
                ? []
                : [ArrivalPortion(files: largestFirst(files), removals: plan.removals, failed: plan.failed)],
            on: executor
        )
        outcome.finished += arrived.finished
        arrived.failures.forEach { outcome.add($0) }
    }

    // Else some large file may come last and be fetched and hashed alone. Small ones keep the order of the listing, which is
    // that of folders.
    private func largestFirst(_ files: [ObjectDownload]) -> [ObjectDownload] {
        files.enumerated().sorted { ($1.element.size >> 20, $0.offset) < ($0.element.size >> 20, $1.offset) }
            .map(\.element)
    }

    private func remove(_ files: [(path: String, rank: Int)], into outcome: inout JobOutcome) async throws {
        guard outcome.failures.isEmpty else {
            return log.warning("nothing is removed, because some files failed")
        }
        // What declares others complete goes first.
        let paths = files.sorted { ($0.rank, $0.path) > ($1.rank, $1.path) }.map(\.path)
        try await executor.run { [locks, roots = settings.trees.map(\.folder)] in
            for path in paths {
                try locks?.check()
                try FileSystem.remove(path)
                try FileSystem.removeEmptyDirectories(from: FileSystem.parent(of: path), below: roots)
            }
        }
        outcome.finished += paths.count
        log.info("removed \(paths.count) files that have no object")
    }

    /// Removes folders that a run left which was killed after it had removed the last file in them.
    private func removeEmptyFolders() async throws {
        let selection = FileSelection(filter: settings.filter)
        try await executor.run { [trees = settings.trees] in
            for tree in trees where try FileSystem.exists(tree.folder) {
                try FileSystem.removeEmptyDirectories(within: tree.folder) { path in
                    // As for a file in there.
                    selection.mayRemove(FileSystem.join(path, "file"), of: tree.format)
                }
            }
        }
    }
}
