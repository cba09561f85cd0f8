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
    /// Objects whose keys are no paths below a folder, of which nothing is written anywhere, and what the bucket has lost.
    private(set) var refusals: [PipelineError] = []
    /// What of these keeps others from being declared complete.
    private(set) var failed = FileFailures()
    /// Files of folders that go before any of their unit come.
    private(set) var removals: [FileRemoval] = []
    /// Selected files that no object stands for.
    private(set) var extraneous: [(path: String, rank: Int)] = []
    private let verification: FileVerification

    /// `verification` says how files that are there are compared with inventories.
    init(
        _ trees: [Tree],
        selection: FileSelection,
        verification: FileVerification = .size,
        on executor: BlockingExecutor
    ) async throws {
        self.verification = verification
        for tree in trees {
            let all = try await executor.run { try Self.objects(of: tree, selection) }
            let objects = selection.wanted(all, of: tree.format) { $0.key }
            let inventories = try await SourceInventories(
                of: tree.format,
                selection: selection,
                files: all.map { SourceInventories.File(path: $0.key, size: $0.object.size, md5: $0.object.md5) },
                by: verification,
                in: tree.store,
                on: executor
            )
            refusals += inventories.failures.map(\.error)
            failed.add(FileFailures(inventories.failures, below: tree.folder))
            let damaged = Set(inventories.failures.map(\.path))
            let sound = objects.filter { !damaged.contains($0.key) }
            let due = try await add(tree, objects: sound, inventories: inventories, on: executor)
            try await settle(
                tree,
                objects: objects,
                due: due,
                selection: selection,
                vouched: { inventories.entries[$0] != nil },
                on: executor
            )
        }
    }

    /// Finds out what goes from the folder, before and after.
    private mutating func settle(
        _ tree: Tree,
        objects: [(key: String, object: S3Object)],
        due: Set<String>,
        selection: FileSelection,
        vouched: (String) -> Bool,
        on executor: BlockingExecutor
    ) async throws {
        guard try await executor.run({ try FileSystem.exists(tree.folder) }) else { return }
        let listing = try await FileSystem.visibleFiles(below: tree.folder, on: executor)
        let present = listing.files.map(\.path)
        // What may be in there and should go, nobody knows.
        let unreadable = listing.unreadable.filter { selection.concerns($0.path, of: tree.format) }
        refusals += unreadable.map(\.error)
        failed.add(FileFailures(unreadable, below: tree.folder))
        let keys = Dictionary(objects.map { ($0.key, $0.object) }) { first, _ in first }
        let changes = UnitChanges(
            of: tree.format,
            source: keys.keys,
            target: present.filter { selection.admits($0, of: tree.format) },
            due: due,
            vouched: vouched
        )
        let removed = Set(changes.removals)
        removals += changes.removals.map { FileRemoval(path: FileSystem.join(tree.folder, $0), lock: tree.lock) }
        for key in changes.recalled {
            guard let object = keys[key] else { continue }
            missing.append(download(tree, key: key, object: object))
            presentCount -= 1
        }
        extraneous += present.filter {
            selection.mayRemove($0, of: tree.format) && keys[$0] == nil && !removed.contains($0)
        }.map { (FileSystem.join(tree.folder, $0), tree.format.rank(of: $0)) }
    }

    // Keys relative to the store's prefix. Zero-size objects that stand for folders, and hidden names, which are
    // locks and unfinished files wherever they are, stay where they are.
    private static func objects(
        of tree: Tree,
        _ selection: FileSelection
    ) throws -> [(key: String, object: S3Object)] {
        try selection.prefixes(of: tree.format).flatMap { prefix in
            try tree.store.bucket.list(tree.store.prefix + prefix).compactMap { object in
                let key = String(object.key.dropFirst(tree.store.prefix.count))
                return key.hasSuffix("/") || isHidden(key) ? nil : (key: key, object: object)
            }
        }
    }

    private static func isHidden(_ key: String) -> Bool {
        key.split(separator: "/").contains { $0.hasPrefix(".") && $0 != "." && $0 != ".." }
    }

    private mutating func add(
        _ tree: Tree,
        objects: [(key: String, object: S3Object)],
        inventories: SourceInventories,
        on executor: BlockingExecutor
    ) async throws -> Set<String> {
        var due: Set<String> = []
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
                due.insert(key)
            }
        }
        func key(_ object: S3Object) -> String { String(object.key.dropFirst(tree.store.prefix.count)) }
        var equal = try await ObjectComparison.equal(pairs, direction: .down, on: executor)
        if verification == .checksum {
            equal = try await Self.verified(
                pairs.map { ($0.path, $0.object, inventories.entries[key($0.object)]) },
                among: equal,
                on: executor
            )
        }
        presentCount += equal.count { $0 }
        for (pair, isEqual) in zip(pairs, equal) where !isEqual {
            missing.append(download(tree, key: key(pair.object), object: pair.object))
            due.insert(key(pair.object))
        }
        return due
    }

    /// Which of the files that seem equal to their objects are as they are listed, or where nothing lists them have the
    /// checksums of their objects, as far as entity tags tell.
    private static func verified(
        _ files: [(path: String, object: S3Object, entry: ListedFiles.File?)],
        among seem: [Bool],
        on executor: BlockingExecutor
    ) async throws -> [Bool] {
        let results = Mutex(seem)
        try await executor.forEach(files.count) { [files] index in
            guard seem[index] else { return }
            let (path, object, entry) = files[index]
            let isEqual = try entry.map { ListedFiles.isListed(path, as: $0) } ?? matches(path, to: object)
            results.withLock { $0[index] = isEqual }
        }
        return results.withLock { $0 }
    }

    private static func matches(_ path: String, to object: S3Object) throws -> Bool {
        do {
            return try object.matches(file: path) ?? true
        } catch {
            // It is brought again, like one that differs.
            guard FileFailures.ofOneFile(error) != nil else { throw error }
            return false
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
