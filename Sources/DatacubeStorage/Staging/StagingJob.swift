public import Logging

/// Copies a working set from the network drive to the compute node's own disk.
///
/// A file that is there with the same size and modification time is left alone, so a second run continues
/// where the first stopped. Files get their names only after they are on disk and verified; markers and metadata
/// that declare data complete come after the data.
public struct StagingJob: Sendable {
    /// How copies are checked.
    public enum Verification: String, Sendable, CaseIterable {
        /// By size.
        case size
        /// By reading them back from the disk and comparing CRC-32 with what was read from the source.
        case checksum
    }

    /// One format's tree.
    public struct Tree: Sendable {
        /// The format, which says how tiles, years and resolutions stand in paths.
        public let format: DataFormat
        /// The folder on the network drive.
        public let source: String
        /// The folder on the node's disk.
        public let target: String

        /// Names the two folders.
        public init(format: DataFormat, source: String, target: String) {
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
        public var filter: ProductCatalogue.Filter
        /// Which resolutions; empty means all.
        public var resolutions: Set<Resolution>
        /// How copies are checked.
        public var verification: Verification
        /// Threads that copy.
        public var jobs: Int
        /// Only say what would be copied.
        public var dryRun: Bool
        /// How progress is shown.
        public var progress: Progress.Style

        /// Creates settings.
        public init(
            trees: [Tree],
            filter: ProductCatalogue.Filter = .init(),
            resolutions: Set<Resolution> = [],
            verification: Verification = .checksum,
            jobs: Int,
            dryRun: Bool = false,
            progress: Progress.Style = .hidden
        ) {
            self.trees = trees
            self.filter = filter
            self.resolutions = resolutions
            self.verification = verification
            self.jobs = jobs
            self.dryRun = dryRun
            self.progress = progress
        }
    }

    // Disk and network wait rather than compute, so more threads than processors; eight per processor kept the
    // queue of a node's disk full without the copies' buffers passing 1 MiB each.
    private static let threadsPerProcessor = 8
    // A batch shares one flush of the file system. At most so much is lost when the job is killed.
    private static let batchFiles = 2048
    private static let batchBytes = 2 << 30

    private let settings: Settings
    private let log: Logger

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Copies what is missing.
    ///
    /// - Returns: files copied and files already there.
    /// - Throws: ``PipelineError`` of code `noSpace` before anything is copied when the set does not fit, or the
    ///   first failure of a copy; what was finished stays.
    public func run() async throws -> JobOutcome {
        let plan = try StagingPlan(settings)
        let needed = plan.missing.reduce(0) { $0 + $1.status.size }
        log.info(
            "\(plan.missing.count) files, \(formatBytes(needed)) to stage; \(plan.presentCount) files are already there")
        guard !plan.missing.isEmpty, !settings.dryRun else {
            if plan.missing.isEmpty { log.info("nothing to do: everything is staged") }
            return JobOutcome(skipped: plan.presentCount)
        }
        try StagingSpace.check(plan.missing)
        try await copy(plan)
        return JobOutcome(finished: plan.missing.count, skipped: plan.presentCount)
    }

    private func copy(_ plan: StagingPlan) async throws {
        let locks = try StagingLocks(settings.trees.map(\.target))
        defer { locks.release() }
        for tree in settings.trees { try AtomicFile.removeLeftovers(below: tree.target) }
        let executor = BlockingExecutor(width: settings.jobs * StagingJob.threadsPerProcessor)
        let bytes = plan.missing.reduce(0) { $0 + $1.status.size }
        let progress = Progress("staging", total: bytes, unit: .bytes, style: settings.progress, log: log)
        let start = Clock.seconds()
        for batch in plan.batches(files: StagingJob.batchFiles, bytes: StagingJob.batchBytes) {
            try await StagingBatch(batch, verification: settings.verification).run(on: executor, progress)
        }
        progress.finish()
        let seconds = Clock.seconds() - start
        let rate = formatBytes(Int(Double(bytes) / max(seconds, 1e-9)))
        log.info(
            "staged \(plan.missing.count) files, \(formatBytes(bytes)) in \(formatSeconds(seconds)) (\(rate)/s), verified by \(settings.verification.rawValue)"
        )
    }
}
