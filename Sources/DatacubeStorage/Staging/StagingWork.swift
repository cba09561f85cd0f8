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
    /// What the source holds and cannot be staged, and what it has lost.
    private(set) var refusals: [PipelineError] = []
    /// Files of the target that go before those of their unit come.
    private var removals: [StagingUnit: [FileRemoval]] = [:]
    private var failed = FileFailures()

    init(_ settings: StagingJob.Settings, locks: TargetLocks?, on executor: BlockingExecutor) async throws {
        let selection = FileSelection(filter: settings.filter, resolutions: settings.resolutions)
        var shares: [Share] = []
        for (index, tree) in settings.trees.enumerated() {
            let lock = locks?[tree.target]
            let unit = { (path: String) in
                StagingUnit(of: path, tree: index, format: tree.format, filter: settings.filter)
            }
            let work: TreeWork
            switch tree.source {
            case .folder(let folder):
                let source = FolderSource(
                    folder: folder,
                    tree: tree,
                    verifies: settings.verification == .checksum,
                    lock: lock
                )
                work = try await Self.work(of: source, selection, on: executor)
            case .bucket(let store):
                let source = DownloadWork.Tree(format: tree.format, store: store, folder: tree.target, lock: lock)
                let plan = try await DownloadWork(
                    [source],
                    selection: selection,
                    verification: settings.verification,
                    on: executor
                )
                work = TreeWork(
                    files: plan.missing,
                    presentCount: plan.presentCount,
                    refusals: plan.refusals,
                    failed: plan.failed,
                    removals: plan.removals.map(\.path)
                )
            }
            presentCount += work.presentCount
            refusals += work.refusals
            failed.add(work.failed)
            let rootLength = FileSystem.join(tree.target, "").utf8.count
            func relative(_ target: String) -> String { String(Substring(target.utf8.dropFirst(rootLength))) }
            for path in work.removals {
                removals[unit(relative(path)), default: []].append(FileRemoval(path: path, lock: lock))
            }
            for file in work.files {
                let unit = unit(relative(file.target))
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
    func portions(bytes: Int) -> [ArrivalPortion] {
        var portions: [ArrivalPortion] = []
        var (size, last) = (0, StagingUnit?.none)
        for (file, unit) in missing {
            if portions.isEmpty || unit != last && size >= bytes {
                portions.append(ArrivalPortion(files: [], failed: failed))
                size = 0
            }
            if unit != last { portions[portions.count - 1].removals += removals[unit] ?? [] }
            portions[portions.count - 1].files.append(file)
            size += file.size
            last = unit
        }
        return portions
    }

    /// What there is to do for one tree.
    private struct TreeWork {
        var files: [any IncomingFile] = []
        var presentCount = 0
        var refusals: [PipelineError] = []
        var failed = FileFailures()
        var removals: [String] = []
    }

    /// A folder on the network drive, and what is to become of its files.
    private struct FolderSource {
        let folder: String
        let tree: StagingJob.Tree
        let verifies: Bool
        let lock: TargetLock?

        func target(_ path: String) -> String { FileSystem.join(tree.target, path) }

        /// `repairs` is what lists a file that is there and is not as it should be.
        ///
        /// Other copies are compared with what was read of the source while the processor has both, which costs next to
        /// nothing: hashing all of them takes as long again as copying does on two processors.
        func copy(_ path: String, status: FileStatus, repairs entry: ListedFiles.File? = nil) -> FileCopy {
            FileCopy(
                source: FileSystem.join(folder, path),
                target: target(path),
                status: status,
                rank: tree.format.rank(of: path),
                verification: verifies ? entry.map { .listed($0) } ?? .comparison : .none,
                lock
            )
        }

        /// The copy that a file needs, or nil where the target has it: by size and time, and where contents are verified by its
        /// checksum.
        ///
        /// What nothing lists, such as the lists themselves, is read at the source too.
        func copyIfMissing(_ path: String, status: FileStatus, entry: ListedFiles.File?) throws -> FileCopy? {
            guard try FileCopy.isPresent(target(path), like: status) else { return copy(path, status: status) }
            guard verifies else { return nil }
            let source = FileSystem.join(folder, path)
            guard let file = try? entry ?? ListedFiles.File(Inventory.Entry(ofFile: source)) else {
                return copy(path, status: status)
            }
            return ListedFiles.isListed(target(path), as: file) ? nil : copy(path, status: status, repairs: entry)
        }
    }

    private static func work(
        of source: FolderSource,
        _ selection: FileSelection,
        on executor: BlockingExecutor
    ) async throws -> TreeWork {
        let (folder, format) = (source.folder, source.tree.format)
        guard try await executor.run({ try FileSystem.status(folder)?.kind }) == .directory else {
            throw PipelineError(.notFound, "\(folder), the \(format.name) data to stage, is not a folder")
        }
        let listing = try await FileSystem.visibleFiles(below: folder, on: executor)
        let files = selection.wanted(listing.files, of: format, path: \.path)
        let present = try await present(in: source.tree.target, selection, of: format, on: executor)
        let inventories = try await SourceInventories(
            of: format,
            selection: selection,
            files: listing.files.map { SourceInventories.File(path: $0.path, size: $0.status.size) },
            // Manifests are for what is there already.
            by: source.verifies && !present.files.isEmpty ? .checksum : .size,
            in: LocalStore(root: folder),
            on: executor
        )
        let refused =
            (listing.refusals + present.unreadable).filter { selection.concerns($0.path, of: format) }
            + inventories.failures
        let damaged = Set(refused.map(\.path))
        let sound = files.filter { !damaged.contains($0.path) }
        let copies = try await missingFiles(sound, of: source, inventories: inventories, on: executor)
        let changes = UnitChanges(
            of: format,
            source: files.map(\.path),
            target: present.files.map(\.path),
            due: copies.keys,
            vouched: { inventories.entries[$0] != nil }
        )
        let recalled = Set(changes.recalled)
        let due = sound.filter { copies[$0.path] != nil || recalled.contains($0.path) }
        return TreeWork(
            files: due.map {
                copies[$0.path] ?? source.copy($0.path, status: $0.status)
            },
            presentCount: sound.count - due.count,
            refusals: refused.map(\.error),
            failed: FileFailures(refused, below: source.tree.target),
            removals: changes.removals.map(source.target)
        )
    }

    /// The selected files that a target has, and what of it cannot be looked at.
    private static func present(
        in folder: String,
        _ selection: FileSelection,
        of format: DataFormat,
        on executor: BlockingExecutor
    ) async throws -> FileListing {
        guard try await executor.run({ try FileSystem.exists(folder) }) else { return FileListing() }
        var listing = try await FileSystem.visibleFiles(below: folder, on: executor)
        listing.files = listing.files.filter { selection.admits($0.path, of: format) }
        return listing
    }

    private static func missingFiles(
        _ files: [(path: String, status: FileStatus)],
        of source: FolderSource,
        inventories: SourceInventories,
        on executor: BlockingExecutor
    ) async throws -> [String: FileCopy] {
        let copies = Mutex<[String: FileCopy]>([:])
        let starts = Array(stride(from: 0, to: files.count, by: Self.filesLookedAt))
        try await executor.forEach(starts.count) { index in
            for (path, status) in files[starts[index]...].prefix(Self.filesLookedAt) {
                let copy = try source.copyIfMissing(path, status: status, entry: inventories.entries[path])
                copies.withLock { $0[path] = copy }
            }
        }
        return copies.withLock { $0 }
    }
}
