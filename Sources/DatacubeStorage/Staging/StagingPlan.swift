/// What has to be copied, in the order in which it may appear.
struct StagingPlan {
    /// Files to copy, lower ranks first.
    let missing: [FileCopy]
    /// Files that are there already.
    let presentCount: Int
    private let ranks: [Int]

    init(_ settings: StagingJob.Settings) throws {
        let selection = StagingSelection(filter: settings.filter, resolutions: settings.resolutions)
        var copies: [(rank: Int, copy: FileCopy)] = []
        var present = 0
        for tree in settings.trees {
            guard try FileSystem.status(tree.source)?.kind == .directory else {
                throw PipelineError(.notFound, "\(tree.source), the \(tree.format.rawValue) data to stage, is not a folder")
            }
            for path in try StagingPlan.files(below: tree.source) where selection.admits(path, of: tree.format) {
                let source = FileSystem.join(tree.source, path)
                let target = FileSystem.join(tree.target, path)
                guard let status = try FileSystem.status(source), status.kind == .file else { continue }
                if try FileCopy.isPresent(target, like: status) {
                    present += 1
                } else {
                    let copy = FileCopy(source: source, target: target, status: status)
                    copies.append((StagingSelection.rank(path, of: tree.format), copy))
                }
            }
        }
        let ordered = copies.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        missing = ordered.map(\.element.copy)
        ranks = ordered.map(\.element.rank)
        presentCount = present
    }

    /// Cuts the list into pieces of one rank and bounded size; each piece is finished before the next begins.
    func batches(files: Int, bytes: Int) -> [[FileCopy]] {
        var batches: [[FileCopy]] = []
        var size = 0
        for (index, copy) in missing.enumerated() {
            let startsNew =
                index == 0 || ranks[index] != ranks[index - 1] || (batches.last?.count ?? 0) >= files
                || size + copy.status.size > bytes
            if startsNew {
                batches.append([])
                size = 0
            }
            batches[batches.count - 1].append(copy)
            size += copy.status.size
        }
        return batches
    }

    // Relative paths, depth first. Names that begin with a dot are locks and unfinished files.
    private static func files(below root: String, _ folder: String = "") throws -> [String] {
        var found: [String] = []
        for name in try FileSystem.list(FileSystem.join(root, folder)) where !name.hasPrefix(".") {
            let path = FileSystem.join(folder, name)
            if try FileSystem.status(FileSystem.join(root, path))?.kind == .directory {
                found += try files(below: root, path)
            } else {
                found.append(path)
            }
        }
        return found
    }
}

/// Whether the set fits the disks it goes to.
enum StagingSpace {
    // Room for directories, block rounding and the job's own files.
    private static let reserve = 64 << 20

    static func check(_ copies: [FileCopy]) throws {
        var needed: [UInt64: (bytes: Int, folder: String)] = [:]
        for copy in copies {
            let folder = try existingFolder(above: copy.target)
            guard let device = try FileSystem.status(folder)?.device else { continue }
            needed[device, default: (0, folder)].bytes += copy.status.size + 4096
        }
        for (bytes, folder) in needed.values {
            let free = try FileSystem.freeBytes(at: folder)
            guard bytes + reserve > free else { continue }
            let missing = formatBytes(bytes + reserve - free)
            let remedy = "\(missing) are missing; stage less with --tile_id, --year, --resolution or --formats"
            throw PipelineError(
                .noSpace, "\(folder) has \(formatBytes(free)) free, \(formatBytes(bytes)) are needed: \(remedy)")
        }
    }

    private static func existingFolder(above path: String) throws -> String {
        var folder = FileSystem.parent(of: path)
        while folder != "/", folder != ".", try !FileSystem.exists(folder) { folder = FileSystem.parent(of: folder) }
        return folder
    }
}
