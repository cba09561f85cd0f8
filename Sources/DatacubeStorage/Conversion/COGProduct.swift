/// The files of one converted product on their way to their place.
struct COGProduct: Sendable {
    private let product: DescribedProduct
    private let store: any ObjectStore
    private let key: String
    private let lock: TargetLock
    private let temporary: String

    init(_ images: ProductImages, _ store: any ObjectStore, _ lock: TargetLock, workFolder: String) {
        product = images.product
        self.store = store
        self.lock = lock
        key = COGLayout.key(of: images.product.product.name)
        let isLocal = store is LocalStore
        temporary =
            isLocal
            ? lock.temporaryName(for: key)
            : AtomicFile.temporaryName(for: FileSystem.join(workFolder, FileSystem.name(of: key)))
    }

    /// Makes the files in a temporary folder, and brings them to their place when all are complete.
    func make(
        on executor: BlockingExecutor,
        _ write: (_ resolution: Resolution, _ file: String) async throws -> Void
    ) async throws {
        if store is LocalStore { try lock.createFolder(temporary) } else { try FileSystem.createDirectories(temporary) }
        do {
            for resolution in Resolution.allCases {
                try await write(resolution, FileSystem.join(temporary, "\(resolution.name).tif"))
            }
            try await executor.run { try copyMetadata() }
            try await publish(on: executor)
        } catch {
            try? FileSystem.remove(temporary)
            throw error
        }
    }

    private func copyMetadata() throws {
        let inventory = product.inventory
        for (key, name) in [
            (inventory.productMetadataKey, "MTD_MSIL1C.xml"), (inventory.tileMetadataKey, "MTD_TL.xml"),
        ] {
            let content = try product.product.contents(key)
            try AtomicFile.write(content, to: FileSystem.join(temporary, name), durability: .deferred)
        }
    }

    private func publish(on executor: BlockingExecutor) async throws {
        if let bucket = store as? S3Store { return try await upload(to: bucket, on: executor) }
        guard let local = store as? LocalStore else {
            throw PipelineError(.unsupported, "\(store): GeoTIFFs go to folders and S3 buckets only")
        }
        try await executor.run { try publish(as: FileSystem.join(local.root, key)) }
    }

    /// The folder gets its name when all files are on disk.
    private func publish(as folder: String) throws {
        for name in COGLayout.fileNames { try LocalFile(reading: FileSystem.join(temporary, name)).synchronize() }
        try FileSystem.synchronizeDirectory(temporary)
        try FileSystem.createDirectories(FileSystem.parent(of: folder))
        // What an older version or a hand left there incomplete would keep the name from being given.
        try lock.remove(folder)
        try lock.publish(temporary, as: folder)
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: folder))
    }

    /// A product on S3 is complete when all of its files are there; the metadata files come last.
    private func upload(to store: S3Store, on executor: BlockingExecutor) async throws {
        let level = store.prefix + key
        try await executor.run { _ = try store.bucket.abortUnfinishedUploads(level + "/") }
        for name in COGLayout.fileNames {
            let file = FileSystem.join(temporary, name)
            try lock.check()
            try await store.bucket.upload(file: file, to: "\(level)/\(name)", on: executor)
        }
        try FileSystem.remove(temporary)
    }
}
