import Synchronization

/// What has to be fetched from buckets so that folders hold what is selected of them.
struct DownloadWork {
    /// A format's objects and the folder they go to.
    struct Tree {
        let format: DataFormat
        let store: S3Store
        let folder: String
        /// Of the folder; nil when nothing will be fetched.
        let lock: TargetLock?
    }

    /// What folders lack or have otherwise.
    private(set) var missing: [ObjectDownload] = []
    /// How many files are there already.
    private(set) var presentCount = 0
    /// Objects whose keys are no paths below a folder; nothing of them is written anywhere.
    private(set) var refusals: [PipelineError] = []
    /// Selected files that no object stands for.
    private(set) var extraneous: [String] = []

    init(_ trees: [Tree], selection: FileSelection, on executor: BlockingExecutor) async throws {
        for tree in trees {
            let objects = try await executor.run { try Self.objects(of: tree, selection) }
            try await add(tree, objects: objects, on: executor)
            let keys = Set(objects.map(\.key))
            guard try await executor.run({ try FileSystem.exists(tree.folder) }) else { continue }
            extraneous += try await FileSystem.visibleFiles(below: tree.folder, on: executor).map(\.path)
                .filter { selection.mayRemove($0, of: tree.format) && !keys.contains($0) }
                .map { FileSystem.join(tree.folder, $0) }
        }
    }

    // Keys relative to the store's prefix. Zero-size objects that stand for folders, and hidden names, which are
    // locks and unfinished files wherever they are, stay where they are.
    private static func objects(
        of tree: Tree,
        _ selection: FileSelection
    ) throws -> [(key: String, object: S3Object)] {
        let objects = try selection.prefixes(of: tree.format).flatMap { prefix in
            try tree.store.bucket.list(tree.store.prefix + prefix).compactMap { object in
                let key = String(object.key.dropFirst(tree.store.prefix.count))
                return key.hasSuffix("/") || isHidden(key) ? nil : (key: key, object: object)
            }
        }
        return selection.wanted(objects, of: tree.format) { $0.key }
    }

    private static func isHidden(_ key: String) -> Bool {
        key.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." && $0 != ".." }
    }

    private mutating func add(
        _ tree: Tree,
        objects: [(key: String, object: S3Object)],
        on executor: BlockingExecutor
    ) async throws {
        let sound = objects.filter { key, _ in
            do throws(PipelineError) {
                try ObjectKey.validate(key)
                return true
            } catch {
                refusals.append(error.within("\(tree.store)"))
                return false
            }
        }
        let found = Mutex<[Int: FileStatus]>([:])
        try await executor.forEach(sound.count) { index in
            let status = try FileSystem.status(FileSystem.join(tree.folder, sound[index].key))
            if let status { found.withLock { $0[index] = status } }
        }
        let statuses = found.withLock { $0 }
        var pairs: [(path: String, status: FileStatus, object: S3Object)] = []
        for (index, (key, object)) in sound.enumerated() {
            if let status = statuses[index] {
                pairs.append((FileSystem.join(tree.folder, key), status, object))
            } else {
                missing.append(download(tree, key: key, object: object))
            }
        }
        let equal = try await ObjectComparison.equal(pairs, direction: .down, on: executor)
        presentCount += equal.count { $0 }
        for (pair, isEqual) in zip(pairs, equal) where !isEqual {
            missing.append(
                download(tree, key: String(pair.object.key.dropFirst(tree.store.prefix.count)), object: pair.object)
            )
        }
    }

    private func download(_ tree: Tree, key: String, object: S3Object) -> ObjectDownload {
        ObjectDownload(
            object,
            in: tree.store.bucket,
            to: FileSystem.join(tree.folder, key),
            rank: tree.format.rank(of: key),
            under: tree.lock
        )
    }
}
