/// What has to be brought to the node's disk.
struct StagingPlan {
    /// Files to bring.
    private(set) var missing: [any IncomingFile] = []
    /// Files that are there already.
    private(set) var presentCount = 0
    /// What the source holds and cannot be staged.
    private(set) var refusals: [PipelineError] = []

    init(_ settings: StagingJob.Settings, on executor: BlockingExecutor) async throws {
        let selection = TreeSelection(filter: settings.filter, resolutions: settings.resolutions)
        for tree in settings.trees {
            switch tree.source {
            case .folder(let folder): try addFiles(of: folder, tree, selection)
            case .bucket(let store):
                let source = DownloadPlan.Tree(format: tree.format, store: store, folder: tree.target)
                let plan = try await DownloadPlan([source], selection, on: executor)
                missing += plan.missing
                presentCount += plan.presentCount
                refusals += plan.refusals
            }
        }
    }

    private mutating func addFiles(of folder: String, _ tree: StagingJob.Tree, _ selection: TreeSelection) throws {
        guard try FileSystem.status(folder)?.kind == .directory else {
            throw PipelineError(.notFound, "\(folder), the \(tree.format.rawValue) data to stage, is not a folder")
        }
        for (path, status) in try FileSystem.visibleFiles(below: folder) where selection.admits(path, of: tree.format) {
            let target = FileSystem.join(tree.target, path)
            if try FileCopy.isPresent(target, like: status) {
                presentCount += 1
            } else {
                let rank = TreeSelection.rank(path, of: tree.format)
                let source = FileSystem.join(folder, path)
                missing.append(FileCopy(source: source, target: target, status: status, rank: rank))
            }
        }
    }
}
