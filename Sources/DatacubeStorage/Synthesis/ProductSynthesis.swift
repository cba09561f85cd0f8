import Synchronization

/// Makes one product in a temporary directory beside its place and gives it its name when it is whole.
struct ProductSynthesis: Sendable {
    let identity: ProductIdentity
    let landscape: Landscape
    let extent: Int
    let output: String

    private var target: String { FileSystem.join(output, identity.key) }

    /// Whether the product is there already.
    ///
    /// - Throws: When one of that name was made with another extent.
    func isComplete() throws -> Bool {
        guard try FileSystem.exists(FileSystem.join(target, "manifest.safe")) else { return false }
        let path = FileSystem.join(target, "\(identity.granuleFolder)/MTD_TL.xml")
        let text = try String(decoding: FileSystem.contents(of: path), as: UTF8.self)
        guard text.contains("<NROWS>\(extent)</NROWS>") else {
            throw PipelineError(
                .mismatch,
                "\(target) has another extent than \(extent); remove it or choose another output"
            )
        }
        return true
    }

    /// Makes the product; `progress` counts the pixels of its images.
    func run(_ lock: TargetLock, progress: Progress, on executor: BlockingExecutor) async throws {
        let root = lock.temporaryName(for: target)
        do {
            try lock.createFolder(root)
            try await fill(root, progress: progress, on: executor)
            try publish(root, under: lock)
        } catch {
            try? FileSystem.remove(root)
            throw error
        }
    }

    private func fill(_ root: String, progress: Progress, on executor: BlockingExecutor) async throws {
        for folder in ["IMG_DATA", "QI_DATA", "AUX_DATA"] {
            let path = FileSystem.join(root, "\(identity.granuleFolder)/\(folder)")
            try FileSystem.createDirectories(path, below: root)
        }
        let algorithm = SafeManifest.algorithm(of: identity.acquisition.baseline)
        let weather = try await executor.run { Weather(identity.acquisition, over: landscape) }
        let images = SynthesizedImages(identity: identity, landscape: landscape, weather: weather, extent: extent)
        let entries = Mutex<[SafeManifest.Entry]>([])
        try await executor.forEach(SynthesizedImages.Item.all.count) { index in
            let item = SynthesizedImages.Item.all[index]
            let made = try images.write(item, below: root).map {
                try SafeManifest.Entry($0, below: root, by: algorithm)
            }
            entries.withLock { $0 += made }
            progress.advance(by: item.pixelCount(images.extent))
        }
        let texts = try writeTexts(weather, below: root).map { try SafeManifest.Entry($0, below: root, by: algorithm) }
        let all = (entries.withLock { $0 } + texts).sorted { $0.path < $1.path }
        try write(SafeManifest(identity: identity, entries: all).xml, to: "manifest.safe", below: root)
    }

    private func writeTexts(_ weather: Weather, below root: String) throws -> [String] {
        let product = ProductDocument(identity: identity, weather: weather, extent: extent)
        let tile = TileDocument(identity: identity, weather: weather, extent: extent)
        let texts =
            SideFiles(identity: identity).all + [
                ("MTD_MSIL1C.xml", product.xml),
                ("\(identity.granuleFolder)/MTD_TL.xml", tile.xml),
                ("\(identity.datastripFolder)/MTD_DS.xml", DatastripDocument(identity: identity).xml),
            ]
        for (path, text) in texts { try write(text, to: path, below: root) }
        return texts.map(\.path)
    }

    private func write(_ text: String, to path: String, below root: String) throws {
        let file = FileSystem.join(root, path)
        try FileSystem.createDirectories(FileSystem.parent(of: file), below: root)
        try AtomicFile.write(Array(text.utf8), to: file, durability: .deferred)
    }

    /// One flush for the whole product, then the name.
    private func publish(_ root: String, under lock: TargetLock) throws {
        let manifest = try LocalFile(reading: FileSystem.join(root, "manifest.safe"))
        try manifest.synchronizeFileSystem()
        try FileSystem.createDirectories(FileSystem.parent(of: target))
        try lock.publish(root, as: target)
        try FileSystem.synchronizeDirectory(FileSystem.parent(of: target))
    }
}
