extension SAFEProduct {
    /// How the product's files differ from what its manifest lists.
    ///
    /// Files that no manifest lists are passed over: pictures, schemas and the manifest itself.
    ///
    /// - Throws: ``PipelineError`` when the manifest is missing or makes no sense.
    func difference(
        by verification: FileVerification,
        on executor: BlockingExecutor,
        onRead: @escaping @Sendable (_ bytes: Int) -> Void = { _ in }
    ) async throws -> InventoryDifference {
        let (listed, present) = try await executor.run { (try listedFiles(), try presentFiles()) }
        var difference = try await listed.difference(from: present, by: verification, on: executor, onRead: onRead)
        difference.extra = []
        return difference
    }

    /// Whether all files that the manifest lists are there, with the sizes that it lists.
    func isComplete() throws -> Bool {
        guard let listed = try? listedFiles() else { return false }
        return try InventoryDifference(sizes: listed.files.mapValues(\.size), files: presentFiles()).lost.isEmpty
    }

    /// What the manifest lists.
    func listedFiles() throws -> ListedFiles {
        let key = "\(self.key)/\(ProductManifest.path)"
        let manifest = try ProductManifest(contents(key), path: "\(store)/\(key)")
        let files = manifest.entries.map { entry in
            (entry.path, ListedFiles.File(size: entry.size, algorithm: entry.algorithm, digest: entry.digest))
        }
        return ListedFiles(store: store, unit: self.key, files: Dictionary(files) { first, _ in first })
    }

    private func presentFiles() throws -> [String: Int] {
        let prefix = key + "/"
        let files = try store.list(prefix).map { (String($0.key.dropFirst(prefix.count)), $0.size) }
        return Dictionary(files) { first, _ in first }
    }
}
