public import Logging

/// Copies a working set from the network drive, or from S3, to the compute node's own disk.
///
/// A file that is there with the same size and modification time is left alone, so a second run continues
/// where the first stopped; one from S3 has the object's time, or its content is compared with the object's entity tag.
/// Files get their names only after they are on disk and verified; markers and metadata
/// that declare data complete come after the data.
public struct StagingJob: Sendable {
    /// How copies are checked: by size, or by checksum.
    ///
    /// By checksum, each part of a copy is read back and compared with what was read from the source, and of an object its
    /// MD5 tells; what is there already is hashed and compared with what lists it, or else with the source.
    public typealias Verification = FileVerification

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
        /// Where to write what the copy of each format took; these are then made one after the other.
        public var record: String?
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            trees: [Tree],
            filter: TileYearFilter = .init(),
            resolutions: Set<Resolution> = [],
            verification: Verification = .checksum,
            deadline: Double? = nil,
            record: String? = nil,
            options: RunOptions
        ) {
            self.trees = trees
            self.filter = filter
            self.resolutions = resolutions
            self.verification = verification
            self.deadline = deadline
            self.record = record
            self.options = options
        }
    }

    // Disk and network wait rather than compute, so more threads than processors; eight per processor kept the
    // queue of a node's disk full without the copies' buffers passing 1 MiB each.
    private static let threadsPerProcessor = 8
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
    ///   when the deadline came, or the first failure that concerns all; what was finished stays, and stands in the record.
    public func run() async throws -> JobOutcome {
        let width =
            settings.trees.compactMap(\.connections).max() ?? settings.options.jobs * Self.threadsPerProcessor
        let executor = BlockingExecutor(width: width)
        return try await endingCallsOnCancellation(settings.trees.compactMap(\.bucket)) {
            let locks = settings.options.dryRun ? nil : try await takeLocks()
            defer { locks?.release() }
            return try await StagingRun(settings: settings, locks: locks, executor: executor, log: log).run()
        }
    }

    private func takeLocks() async throws -> TargetLocks {
        let patience = settings.deadline.map { $0 - SystemClock.sinceEpoch() } ?? .infinity
        let folders = settings.trees.map(\.target)
        return try await TargetLocks.take(folders, names: [".stage.lock"], waitsFor: patience) { [log] owner in
            log.info("waiting for \(owner), which stages into the same folder")
        }
    }
}

extension StagingJob.Tree {
    fileprivate var bucket: S3Store? {
        if case .bucket(let store) = source { store } else { nil }
    }

    // Threads only wait for the server, so there is one for each connection.
    fileprivate var connections: Int? { bucket?.bucket.client.connections }
}
