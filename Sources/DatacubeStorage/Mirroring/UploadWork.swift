import Synchronization

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
    /// What of the folders cannot be mirrored: it is lost, unreadable or a symbolic link.
    private(set) var refusals: [PipelineError] = []
    /// The same, by what it keeps from being declared complete.
    private(set) var failed = FileFailures()
    /// Objects that go before any of their unit comes, in this order.
    private(set) var removals: [(bucket: S3Bucket, key: String)] = []
    /// Selected objects that no file stands for, those that declare others complete first.
    private(set) var extraneous: [(bucket: S3Bucket, key: String, rank: Int)] = []
    /// What each bucket holds after the upload, before anything is removed.
    private(set) var holdings: [String: BucketHolding] = [:]
    /// Buckets that do not exist yet.
    private(set) var absent: Set<String> = []
    private var listings: [String: [S3Object]] = [:]
    private let selection: FileSelection
    private let verification: FileVerification
    private let executor: BlockingExecutor

    init(_ settings: MirrorJob.Settings, on executor: BlockingExecutor) async throws {
        selection = FileSelection(filter: settings.filter)
        verification = settings.verification
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
        let listing = try await FileSystem.visibleFiles(below: tree.folder, on: executor)
        let files = selection.wanted(listing.files, of: tree.format, path: \.path)
        let inventories = try await SourceInventories(
            of: tree.format,
            selection: selection,
            files: listing.files.map { SourceInventories.File(path: $0.path, size: $0.status.size) },
            by: verification,
            in: LocalStore(root: tree.folder),
            on: executor
        )
        let lost = listing.refusals.filter { selection.concerns($0.path, of: tree.format) } + inventories.failures
        let gone = Set(lost.map(\.path))
        let objects = Dictionary(listed(tree)) { first, _ in first }
        let rotten = try await rottenFiles(files.filter { !gone.contains($0.path) }, of: tree, inventories: inventories)
        var refused = lost + rotten
        let unsound = Set(refused.map(\.path))
        let due = try await enlistDue(
            files.filter { !unsound.contains($0.path) },
            of: tree,
            objects: objects,
            inventories: inventories,
            refused: &refused
        )
        refusals += refused.map(\.error)
        failed.add(FileFailures(refused, below: tree.folder))
        let damaged = Set(refused.map(\.path))
        let changes = UnitChanges(
            of: tree.format,
            source: files.map(\.path),
            target: objects.keys.filter { FileSystem.isVisible($0) && selection.admits($0, of: tree.format) },
            due: due,
            vouched: { inventories.entries[$0] != nil }
        )
        for path in changes.removals {
            guard let object = objects[path] else { continue }
            removals.append((tree.store.bucket, object.key))
        }
        let recalled = Set(changes.recalled)
        for (path, status) in files where recalled.contains(path) && !damaged.contains(path) {
            enlist(upload(tree, path: path, status: status), replacing: objects[path])
            presentCount -= 1
        }
        let removed = Set(changes.removals)
        addExtraneous(
            tree,
            objects: objects.filter { !removed.contains($0.key) },
            files: Set(files.map(\.path)).union(damaged)
        )
    }

    /// Enlists what the bucket lacks or has otherwise, and refuses files that are not as listed while their objects are.
    private mutating func enlistDue(
        _ files: [(path: String, status: FileStatus)],
        of tree: MirrorJob.Tree,
        objects: [String: S3Object],
        inventories: SourceInventories,
        refused: inout [FileRefusal]
    ) async throws -> Set<String> {
        var due: Set<String> = []
        var pairs: [(path: String, status: FileStatus, object: S3Object)] = []
        var present: [(path: String, upload: Upload)] = []
        for (path, status) in files {
            let upload = upload(tree, path: path, status: status)
            let object = objects[path]
            // What somebody else stored under the key is told by its entity tag, whatever the times are.
            let isOther = object?.md5.flatMap { tag in inventories.entries[path]?.md5.map { $0 != tag } } ?? false
            if let object, !isOther {
                pairs.append((upload.path, status, object))
                present.append((path, upload))
            } else {
                enlist(upload, replacing: object)
                due.insert(path)
            }
        }
        let equal = try await ObjectComparison.equal(pairs, direction: .up, on: executor)
        let rotten = try await rottenObjects(
            zip(present, pairs).enumerated().filter { equal[$0.offset] }.map { ($1.0.path, $1.1.path, $1.1.object) },
            of: tree,
            inventories: inventories
        )
        for (index, isEqual) in equal.enumerated() {
            let path = present[index].path
            if isEqual, !rotten.contains(path) {
                presentCount += 1
            } else if !isEqual, let tag = pairs[index].object.md5, inventories.entries[path]?.md5 == tag {
                refused.append(notAsListed(path, of: tree))
            } else {
                enlist(present[index].upload, replacing: pairs[index].object)
                due.insert(path)
            }
        }
        return due
    }

    /// Files that are not as listed, where contents are compared; they must not take the place of good objects.
    private func rottenFiles(
        _ files: [(path: String, status: FileStatus)],
        of tree: MirrorJob.Tree,
        inventories: SourceInventories
    ) async throws -> [FileRefusal] {
        guard verification == .checksum else { return [] }
        let sizes = Dictionary(files.map { ($0.path, $0.status.size) }) { first, _ in first }
        let listed = ListedFiles(
            store: LocalStore(root: tree.folder),
            unit: "",
            files: inventories.entries.filter { sizes[$0.key] != nil }
        )
        return try await listed.difference(from: sizes, by: .checksum, on: executor).changed.map {
            notAsListed($0, of: tree)
        }
    }

    private func notAsListed(_ path: String, of tree: MirrorJob.Tree) -> FileRefusal {
        let text = "\(tree.folder)/\(path) is not as it is listed; \(tree.format.restoration)"
        return FileRefusal(path: path, error: PipelineError(.corrupt, text))
    }

    /// Objects that have not the bytes that their entity tags tell, where contents are compared: all of them are read.
    private func rottenObjects(
        _ pairs: [(path: String, file: String, object: S3Object)],
        of tree: MirrorJob.Tree,
        inventories: SourceInventories
    ) async throws -> Set<String> {
        guard verification == .checksum else { return [] }
        let expected = Mutex<[String: ListedFiles.File]>([:])
        try await executor.forEach(pairs.count) { [pairs] index in
            let (path, file, _) = pairs[index]
            let entry = try inventories.entries[path] ?? ListedFiles.File(Inventory.Entry(ofFile: file))
            expected.withLock { $0[path] = entry }
        }
        let sizes = Dictionary(pairs.map { ($0.path, $0.object.size) }) { first, _ in first }
        let listed = ListedFiles(store: tree.store, unit: "", files: expected.withLock { $0 })
        return Set(try await listed.difference(from: sizes, by: .checksum, on: executor).changed)
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
