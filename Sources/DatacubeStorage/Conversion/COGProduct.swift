/// The files of one converted product on their way to their place.
struct COGProduct: Sendable {
    private let product: DescribedProduct
    private let store: any ObjectStore
    private let key: String
    private let lock: TargetLock
    private let temporary: String
    private let isBesideTarget: Bool

    init(_ images: ProductImages, to store: any ObjectStore, under lock: TargetLock, workFolder: String) {
        product = images.product
        self.store = store
        self.lock = lock
        key = COGLayout.key(of: images.product.product.name)
        isBesideTarget = store.properties.folder != nil
        temporary =
            isBesideTarget
            ? lock.temporaryName(for: key)
            : AtomicFile.temporaryName(for: FileSystem.join(workFolder, FileSystem.name(of: key)))
    }

    /// Makes the files in a temporary folder, and brings them to their place when all are complete.
    func make(
        on executor: BlockingExecutor,
        _ write: (_ resolution: Resolution, _ file: String) async throws -> Void
    ) async throws {
        do {
            try await executor.run { try createFolder() }
            try await executor.run { try copyMetadata() }
            try await writeInventory(on: executor, write)
            try await store.adopt(folder: temporary, files: COGLayout.fileNames, as: key, on: executor)
        } catch {
            try? FileSystem.remove(temporary)
            throw error
        }
    }

    /// A file is hashed while the next one is made.
    private func writeInventory(
        on executor: BlockingExecutor,
        _ write: (_ resolution: Resolution, _ file: String) async throws -> Void
    ) async throws {
        let temporary = temporary
        try await withThrowingTaskGroup(of: (String, Inventory.Entry).self) { group in
            func add(_ name: String) {
                group.addTask {
                    try await executor.run(urgently: true) {
                        (name, try Inventory.Entry(ofFile: FileSystem.join(temporary, name)))
                    }
                }
            }
            for resolution in Resolution.allCases {
                let name = COGLayout.fileName(resolution)
                try await write(resolution, FileSystem.join(temporary, name))
                add(name)
            }
            for name in COGLayout.metadataNames { add(name) }
            var inventory = Inventory()
            for try await (name, entry) in group { inventory.entries[name] = entry }
            let path = FileSystem.join(temporary, Inventory.fileName)
            try AtomicFile.write(inventory.text, to: path, durability: .deferred)
        }
    }

    private func createFolder() throws {
        if isBesideTarget { try lock.createFolder(temporary) } else { try FileSystem.createDirectories(temporary) }
    }

    private func copyMetadata() throws {
        let inventory = product.inventory
        for (key, name) in zip([inventory.tileMetadataKey, inventory.productMetadataKey], COGLayout.metadataNames) {
            let content = try product.product.contents(key)
            try AtomicFile.write(content, to: FileSystem.join(temporary, name), durability: .deferred)
        }
    }
}
