import Synchronization

/// What has to be brought to the node's disk.
struct StagingWork {
    /// Files of one unit, in order.
    private typealias Share = (unit: StagingUnit, files: [any IncomingFile])

    // So many that handing them out costs little, and so few that all threads have some.
    private static let filesLookedAt = 64

    /// Files to bring, in the order of the units that they belong to.
    private(set) var missing: [(file: any IncomingFile, unit: StagingUnit)] = []
    /// Files that are there already.
    private(set) var presentCount = 0
    /// What the source holds and cannot be staged.
    private(set) var refusals: [PipelineError] = []

    init(_ settings: StagingJob.Settings, locks: TargetLocks?, on executor: BlockingExecutor) async throws {
        let selection = FileSelection(filter: settings.filter, resolutions: settings.resolutions)
        let verifies = settings.verification == .checksum
        var shares: [Share] = []
        for (index, tree) in settings.trees.enumerated() {
            let lock = locks?[tree.target]
            let files: [any IncomingFile]
            switch tree.source {
            case .folder(let folder):
                let source = FolderSource(folder: folder, tree: tree, verifies: verifies, lock: lock)
                files = try await missingFiles(of: source, selection, on: executor)
            case .bucket(let store):
                let source = DownloadWork.Tree(format: tree.format, store: store, folder: tree.target, lock: lock)
                let plan = try await DownloadWork([source], selection: selection, on: executor)
                files = plan.missing
                presentCount += plan.presentCount
                refusals += plan.refusals
            }
            let rootLength = FileSystem.join(tree.target, "").utf8.count
            for file in files {
                let path = String(Substring(file.target.utf8.dropFirst(rootLength)))
                let unit = StagingUnit(of: path, tree: index, format: tree.format, filter: settings.filter)
                // Most files belong with the one before, so that there is little to sort.
                if shares.last?.unit != unit { shares.append((unit, [])) }
                shares[shares.count - 1].files.append(file)
            }
        }
        missing = shares.enumerated()
            .sorted { ($0.element.unit, $0.offset) < ($1.element.unit, $1.offset) }
            .flatMap { share in share.element.files.map { ($0, share.element.unit) } }
    }

    /// The files in portions of whole units, so many bytes each or one unit.
    func portions(bytes: Int) -> [[any IncomingFile]] {
        var portions: [[any IncomingFile]] = []
        var (size, last) = (0, StagingUnit?.none)
        for (file, unit) in missing {
            if portions.isEmpty || unit != last && size >= bytes {
                portions.append([])
                size = 0
            }
            portions[portions.count - 1].append(file)
            size += file.size
            last = unit
        }
        return portions
    }

    /// A folder on the network drive, and what is to become of its files.
    private struct FolderSource {
        let folder: String
        let tree: StagingJob.Tree
        let verifies: Bool
        let lock: TargetLock?

        func target(_ path: String) -> String { FileSystem.join(tree.target, path) }

        func copy(_ path: String, status: FileStatus) -> FileCopy {
            FileCopy(
                source: FileSystem.join(folder, path),
                target: target(path),
                status: status,
                rank: tree.format.rank(of: path),
                verifies: verifies,
                lock
            )
        }
    }

    private mutating func missingFiles(
        of source: FolderSource,
        _ selection: FileSelection,
        on executor: BlockingExecutor
    ) async throws -> [FileCopy] {
        let (folder, format) = (source.folder, source.tree.format)
        guard try await executor.run({ try FileSystem.status(folder)?.kind }) == .directory else {
            throw PipelineError(.notFound, "\(folder), the \(format.name) data to stage, is not a folder")
        }
        let files = selection.wanted(
            try await FileSystem.visibleFiles(below: folder, on: executor),
            of: format,
            path: \.path
        )
        let copies = Mutex<[Int: [FileCopy]]>([:])
        let starts = Array(stride(from: 0, to: files.count, by: Self.filesLookedAt))
        try await executor.forEach(starts.count) { index in
            let some = try files[starts[index]...].prefix(Self.filesLookedAt)
                .filter { try !FileCopy.isPresent(source.target($0.path), like: $0.status) }
                .map { source.copy($0.path, status: $0.status) }
            copies.withLock { $0[index] = some }
        }
        let missing = copies.withLock { copies in starts.indices.flatMap { copies[$0] ?? [] } }
        presentCount += files.count - missing.count
        return missing
    }
}
