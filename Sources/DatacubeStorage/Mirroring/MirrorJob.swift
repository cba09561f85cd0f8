public import Logging

/// Makes buckets hold what folders on the network drive hold, or the other way round.
///
/// What is there already is left alone, see ``ObjectComparison``; what declares data complete comes after the data.
/// One mirror at a time works on a tile-year of a folder.
public struct MirrorJob: Sendable {
    /// Which side becomes like the other.
    public enum Direction: String, Sendable, CaseIterable {
        /// Folders to buckets.
        case up
        /// Buckets to folders.
        case down
    }

    /// One format's tree on both sides.
    public struct Tree: Sendable {
        /// The format, which says how tiles and years stand in paths.
        public let format: DataFormat
        /// The folder on the network drive.
        public let folder: String
        /// The bucket, or the part of it, with the same tree.
        public let store: S3Store

        /// Names the two sides.
        public init(format: DataFormat, folder: String, store: S3Store) {
            self.format = format
            self.folder = folder
            self.store = store
        }
    }

    /// What to mirror and how.
    public struct Settings: Sendable {
        /// The formats.
        public var trees: [Tree]
        /// Which way.
        public var direction: Direction
        /// Which tiles and years.
        public var filter: TileYearFilter
        /// Whether everybody may read and list the buckets afterwards; only on the way up.
        public var publicRead: Bool
        /// Whether to remove what the source lacks, within what is selected.
        public var deleteExtraneous: Bool
        /// How files and objects that are there are compared: by listings, or by all bytes of both.
        public var verification: FileVerification
        /// What the server grants.
        public var quota: BucketQuota
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            trees: [Tree],
            direction: Direction = .up,
            filter: TileYearFilter = .init(),
            publicRead: Bool = false,
            deleteExtraneous: Bool = false,
            verification: FileVerification = .size,
            quota: BucketQuota = .allas,
            options: RunOptions = RunOptions()
        ) {
            self.trees = trees
            self.direction = direction
            self.filter = filter
            self.publicRead = publicRead
            self.deleteExtraneous = deleteExtraneous
            self.verification = verification
            self.quota = quota
            self.options = options
        }
    }

    private let settings: Settings
    private let log: Logger

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Transfers what is missing, then removes what is extraneous if asked to.
    ///
    /// - Returns: Files transferred and removed, files already there, and what failed for one file only.
    /// - Throws: ``PipelineError`` of code `noSpace` before anything is transferred when it would not fit, `locked` when
    ///   another mirror works on a folder, or the first failure that concerns all; what was finished stays.
    public func run() async throws -> JobOutcome {
        let clients = settings.trees.map(\.store.bucket.client)
        // Threads only wait for the server, so there is one for each connection.
        let executor = BlockingExecutor(width: clients.map(\.connections).max() ?? 1)
        return try await endingCallsOnCancellation(settings.trees.map(\.store)) {
            try refuseOverlaps()
            if settings.direction == .up { try requireFolders() }
            let locks = settings.options.dryRun ? nil : try await MirrorLocks.take(settings)
            defer { locks?.release() }
            switch settings.direction {
            case .up: return try await UploadRun(settings, locks: locks, on: executor, log: log).run()
            case .down: return try await DownloadRun(settings, locks: locks, on: executor, log: log).run()
            }
        }
    }

    // The source must be there: an unmounted drive looks like an empty one.
    private func requireFolders() throws {
        for tree in settings.trees where try FileSystem.status(tree.folder)?.kind != .directory {
            throw PipelineError(
                .notFound,
                "\(tree.folder), the \(tree.format.name) data to mirror, is not a folder"
            )
        }
    }

    // What one format lacks may be another's.
    private func refuseOverlaps() throws {
        guard settings.deleteExtraneous else { return }
        for (index, tree) in settings.trees.enumerated() {
            for other in settings.trees[..<index] where tree.overlaps(other) {
                throw PipelineError(
                    .configuration,
                    "\(tree.format.name) and \(other.format.name) lie in each other's folder or bucket; "
                        + "--delete_extraneous needs separate ones"
                )
            }
        }
    }
}

extension MirrorJob.Tree {
    fileprivate func overlaps(_ other: MirrorJob.Tree) -> Bool {
        let (mine, others) = (FileSystem.join(folder, ""), FileSystem.join(other.folder, ""))
        let sharesKeys = store.prefix.hasPrefix(other.store.prefix) || other.store.prefix.hasPrefix(store.prefix)
        return mine.hasPrefix(others) || others.hasPrefix(mine)
            || store.bucket.name == other.store.bucket.name && sharesKeys
    }
}
