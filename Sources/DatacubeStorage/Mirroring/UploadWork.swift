/// One file on its way to a bucket.
struct Upload: Sendable {
    let path: String
    let status: FileStatus
    let bucket: S3Bucket
    let key: String
    /// Files of a higher rank declare those of lower ranks complete and come after all of them.
    let rank: Int

    /// Stores the object; large ones in parts.
    ///
    /// - Throws: `mismatch` when the file changed meanwhile.
    func run(on executor: BlockingExecutor) async throws {
        let isLarge = status.size > S3Bucket.multipartThreshold
        let partBytes = isLarge ? S3Bucket.parts(of: status.size)[0].count : 0
        let metadata = isLarge ? [S3Object.partBytesField: "\(partBytes)"] : [:]
        try await bucket.upload(file: path, to: key, metadata: metadata, on: executor)
        let now = try await executor.run { try FileSystem.status(path) }
        guard now?.size == status.size, now?.modified == status.modified else {
            throw PipelineError(.mismatch, "\(path) changed while it was mirrored; run again when it is complete")
        }
    }
}

/// What has to be stored so that buckets hold what is selected of folders.
struct UploadWork {
    /// What buckets lack or have otherwise, lower ranks first.
    private(set) var missing: [Upload] = []
    /// How many objects are there already.
    private(set) var presentCount = 0
    /// Selected objects that no file stands for, those that declare others complete first.
    private(set) var extraneous: [(bucket: S3Bucket, key: String, rank: Int)] = []
    /// What each bucket holds after the upload, before anything is removed.
    private(set) var holdings: [String: BucketHolding] = [:]
    /// Buckets that do not exist yet.
    private(set) var absent: Set<String> = []
    private var listings: [String: [S3Object]] = [:]
    private let selection: FileSelection
    private let executor: BlockingExecutor

    init(_ settings: MirrorJob.Settings, on executor: BlockingExecutor) async throws {
        selection = FileSelection(filter: settings.filter)
        self.executor = executor
        for tree in settings.trees {
            try await list(tree.store.bucket)
            try await add(tree)
        }
        missing = missing.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
        extraneous.sort { $0.rank > $1.rank }
    }

    // The whole bucket, because the quota counts all of it.
    private mutating func list(_ bucket: S3Bucket) async throws {
        guard listings[bucket.name] == nil else { return }
        let objects = try await executor.run { try bucket.exists() ? bucket.list("") : nil }
        if objects == nil { absent.insert(bucket.name) }
        listings[bucket.name] = objects ?? []
        let bytes = objects?.reduce(0) { $0 + $1.size } ?? 0
        holdings[bucket.name] = BucketHolding(objects: objects?.count ?? 0, bytes: bytes)
    }

    private mutating func add(_ tree: MirrorJob.Tree) async throws {
        let files = selection.wanted(
            try await FileSystem.visibleFiles(below: tree.folder, on: executor),
            of: tree.format,
            path: \.path
        )
        let objects = Dictionary(listed(tree)) { first, _ in first }
        var pairs: [(path: String, status: FileStatus, object: S3Object)] = []
        var uploads: [Upload] = []
        for (path, status) in files {
            let upload = upload(tree, path: path, status: status)
            if let object = objects[path] {
                pairs.append((upload.path, status, object))
                uploads.append(upload)
            } else {
                enlist(upload, replacing: nil)
            }
        }
        let equal = try await ObjectComparison.equal(pairs, direction: .up, on: executor)
        for (index, isEqual) in equal.enumerated() where !isEqual {
            enlist(uploads[index], replacing: pairs[index].object)
        }
        presentCount += equal.count { $0 }
        addExtraneous(tree, objects: objects, files: Set(files.map(\.path)))
    }

    private func upload(_ tree: MirrorJob.Tree, path: String, status: FileStatus) -> Upload {
        Upload(
            path: FileSystem.join(tree.folder, path),
            status: status,
            bucket: tree.store.bucket,
            key: tree.store.prefix + path,
            rank: tree.format.rank(of: path)
        )
    }

    private func listed(_ tree: MirrorJob.Tree) -> [(String, S3Object)] {
        (listings[tree.store.bucket.name] ?? []).filter { $0.key.hasPrefix(tree.store.prefix) }
            .map { (String($0.key.dropFirst(tree.store.prefix.count)), $0) }
    }

    private mutating func enlist(_ upload: Upload, replacing object: S3Object?) {
        missing.append(upload)
        holdings[upload.bucket.name, default: BucketHolding()].objects += object == nil ? 1 : 0
        holdings[upload.bucket.name, default: BucketHolding()].bytes += upload.status.size - (object?.size ?? 0)
    }

    // Objects that stand for folders and hidden names were not made by a mirror and are left alone.
    private mutating func addExtraneous(_ tree: MirrorJob.Tree, objects: [String: S3Object], files: Set<String>) {
        for (path, object) in objects.sorted(by: { $0.key < $1.key })
        where !files.contains(path) && !path.hasSuffix("/") && FileSystem.isVisible(path)
            && selection.mayRemove(path, of: tree.format)
        {
            extraneous.append((tree.store.bucket, object.key, tree.format.rank(of: path)))
        }
    }
}
