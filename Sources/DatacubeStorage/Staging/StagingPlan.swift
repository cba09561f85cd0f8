/// What has to be brought to the node's disk.
struct StagingPlan {
    /// Files to bring, in the order of the units that they belong to.
    private(set) var missing: [(file: any IncomingFile, unit: StagingUnit)] = []
    /// Files that are there already.
    private(set) var presentCount = 0
    /// What the source holds and cannot be staged.
    private(set) var refusals: [PipelineError] = []

    init(_ settings: StagingJob.Settings, _ locks: TargetLocks?, on executor: BlockingExecutor) async throws {
        let selection = TreeSelection(filter: settings.filter, resolutions: settings.resolutions)
        for (index, tree) in settings.trees.enumerated() {
            let lock = locks?[tree.target]
            let files: [any IncomingFile]
            switch tree.source {
            case .folder(let folder): files = try missingFiles(of: folder, tree, selection, lock)
            case .bucket(let store):
                let source = DownloadPlan.Tree(format: tree.format, store: store, folder: tree.target, lock: lock)
                let plan = try await DownloadPlan([source], selection, on: executor)
                files = plan.missing
                presentCount += plan.presentCount
                refusals += plan.refusals
            }
            let rootLength = FileSystem.join(tree.target, "").utf8.count
            missing += files.map { file in
                let path = String(Substring(file.target.utf8.dropFirst(rootLength)))
                return (file, StagingUnit(of: path, tree: index, tree.format, settings.filter))
            }
        }
        missing = missing.enumerated()
            .sorted { ($0.element.unit, $0.offset) < ($1.element.unit, $1.offset) }.map(\.element)
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

    private mutating func missingFiles(
        of folder: String,
        _ tree: StagingJob.Tree,
        _ selection: TreeSelection,
        _ lock: TargetLock?
    ) throws -> [FileCopy] {
        guard try FileSystem.status(folder)?.kind == .directory else {
            throw PipelineError(.notFound, "\(folder), the \(tree.format.rawValue) data to stage, is not a folder")
        }
        var missing: [FileCopy] = []
        for (path, status) in try FileSystem.visibleFiles(below: folder) where selection.admits(path, of: tree.format) {
            let target = FileSystem.join(tree.target, path)
            if try FileCopy.isPresent(target, like: status) {
                presentCount += 1
            } else {
                let rank = TreeSelection.rank(path, of: tree.format)
                let source = FileSystem.join(folder, path)
                missing.append(FileCopy(source: source, target: target, status: status, rank: rank, lock))
            }
        }
        return missing
    }
}
