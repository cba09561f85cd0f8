public import Logging

/// Copies a working set from the network drive, or from S3, to the compute node's own disk.
///
/// A file that is there with the same size and modification time is left alone, so a second run continues
/// where the first stopped; one from S3 has the object's time, or its content is compared with the object's entity tag.
/// Files get their names only after they are on disk and verified; markers and metadata
/// that declare data complete come after the data.
public struct StagingJob: Sendable {
    /// How copies are checked.
    public enum Verification: String, Sendable, CaseIterable {
        /// By size.
        case size
        /// By reading each part of the copy back, as soon as it is written, and comparing it with what was read from the
        /// source; of an object by its MD5, while the disk writes the copy.
        case checksum
    }

    /// Where a tree is copied from.
    public enum Source: Sendable {
        /// A folder on the network drive.
        case folder(String)
        /// A bucket, or a part of it.
        case bucket(S3Store)
    }

    /// One format's tree.
    public struct Tree: Sendable {
        /// The format, which says how tiles, years and resolutions stand in paths.
        public let format: DataFormat
        /// Where the data are.
        public let source: Source
        /// The folder on the node's disk.
        public let target: String

        /// Names the two places.
        public init(format: DataFormat, source: Source, target: String) {
            self.format = format
            self.source = source
            self.target = target
        }
    }

    /// What to stage and how.
    public struct Settings: Sendable {
        /// The formats.
        public var trees: [Tree]
        /// Which tiles and years.
        public var filter: TileYearFilter
        /// Which resolutions; empty means all.
        public var resolutions: Set<Resolution>
        /// How copies are checked.
        public var verification: Verification
        /// When to have stopped, in seconds since 1970.
        public var deadline: Double?
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            trees: [Tree],
            filter: TileYearFilter = .init(),
            resolutions: Set<Resolution> = [],
            verification: Verification = .checksum,
            deadline: Double? = nil,
            options: RunOptions
        ) {
            self.trees = trees
            self.filter = filter
            self.resolutions = resolutions
            self.verification = verification
            self.deadline = deadline
            self.options = options
        }
    }

    // Disk and network wait rather than compute, so more threads than processors; eight per processor kept the
    // queue of a node's disk full without the copies' buffers passing 1 MiB each.
    private static let threadsPerProcessor = 8
    // Large enough that flushing the disk between two portions costs little.
    private static let portionBytes = 1 << 30
    private let settings: Settings
    private let log: Logger

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Copies what is missing; of several runs with one target one copies, and the others wait for it.
    ///
    /// - Returns: Files copied, files already there, and what failed for one file only.
    /// - Throws: ``PipelineError`` of code `noSpace` before anything is copied when the set does not fit, `outOfTime`
    ///   when the deadline came, or the first failure that concerns all; what was finished stays.
    public func run() async throws -> JobOutcome {
        let width =
            settings.trees.compactMap(\.connections).max() ?? settings.options.jobs * Self.threadsPerProcessor
        let executor = BlockingExecutor(width: width)
        return try await endingCallsOnCancellation(settings.trees.compactMap(\.bucket)) {
            let locks = settings.options.dryRun ? nil : try await takeLocks()
            defer { locks?.release() }
            let plan = try await StagingWork(settings, locks: locks, on: executor)
            return try await run(plan, on: executor)
        }
    }

    private func takeLocks() async throws -> TargetLocks {
        let patience = settings.deadline.map { $0 - SystemClock.sinceEpoch() } ?? .infinity
        let folders = settings.trees.map(\.target)
        return try await TargetLocks.take(folders, names: [".stage.lock"], waitsFor: patience) { [log] owner in
            log.info("waiting for \(owner), which stages into the same folder")
        }
    }

    private func run(_ plan: StagingWork, on executor: BlockingExecutor) async throws -> JobOutcome {
        let files = plan.missing.map(\.file)
        let bytes = files.reduce(0) { $0 + $1.size }
        log.info(
            "\(plan.missing.count) files, \(formatBytes(bytes)) to stage; \(plan.presentCount) files are already there"
        )
        var outcome = JobOutcome(skipped: plan.presentCount)
        plan.refusals.forEach { outcome.add($0) }
        if plan.missing.isEmpty {
            let isThere = plan.presentCount > 0
            let selection = FileSelection(filter: settings.filter)
            if !isThere, let absence = selection.absence(at: settings.trees.map(\.sourceName)) { throw absence }
            log.info("nothing to do: \(isThere ? "everything is staged" : "no file matches the selection")")
        } else if !settings.options.dryRun {
            let arrived = try await copy(plan, bytes: bytes, on: executor)
            outcome.finished = arrived.finished
            arrived.failures.forEach { outcome.add($0) }
        }
        return outcome
    }

    private func copy(
        _ plan: StagingWork,
        bytes: Int,
        on executor: BlockingExecutor
    ) async throws -> (finished: Int, failures: [PipelineError]) {
        let deadline = settings.deadline.map { StagingDeadline($0, total: bytes) }
        return try await ArrivalRun(
            words: (during: "staging", after: "staged"),
            folders: settings.trees.map(\.target),
            verifies: settings.verification == .checksum,
            remedy: "stage less with --tile_id, --year, --resolution or --formats",
            options: settings.options,
            log: log
        ).run(plan.portions(bytes: Self.portionBytes), on: executor) { files, bytes in
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

    fileprivate var bucket: S3Store? {
        if case .bucket(let store) = source { store } else { nil }
    }

    // Threads only wait for the server, so there is one for each connection.
    fileprivate var connections: Int? { bucket?.bucket.client.connections }
}
