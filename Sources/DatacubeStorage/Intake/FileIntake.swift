/// One file of a product on its way from the source to the disk.
struct FileIntake: Sendable {
    /// What is fetched.
    let file: ProductListing.File
    /// Where to.
    let path: String
    /// What the manifest says of it, if it is one of the files in there.
    let entry: ProductManifest.Entry?
    private let bucket: S3Bucket
    // Smaller ones keep to the order of the products. By size, a product with an empty file would wait for the end of a run
    // that always finds larger ones.
    private static let leastPriority = 1 << 20

    init(_ file: ProductListing.File, to path: String, entry: ProductManifest.Entry?, from bucket: S3Bucket) {
        self.file = file
        self.path = path
        self.entry = entry
        self.bucket = bucket
    }

    /// What comes first when there are several: the larger file, or the earlier of small ones.
    var priority: Int { file.object.size < Self.leastPriority ? 0 : file.object.size }

    /// Fetches what is not there yet; nothing for a whole file.
    func fetch() throws {
        let present = try FileSystem.status(path)?.size ?? 0
        // Without a tag nobody can tell whether the bytes are of the same object.
        let isResumable = !file.object.entityTag.isEmpty && present <= file.object.size
        try bucket.download(file.object, to: path, from: isResumable ? present : 0)
    }

    /// Fetches the whole file, as it is at the source now.
    func fetchAgain() throws {
        guard let object = try bucket.head(file.object.key) else {
            throw PipelineError(.notFound, "\(bucket)/\(file.object.key) is no longer there")
        }
        try bucket.download(object, to: path)
    }

    /// Compares the file with the manifest, or with the source's own MD5 where the manifest does not name it.
    ///
    /// - Throws: `mismatch`; the file is removed then.
    func verify() throws {
        do {
            try compareSize()
            try compareDigest()
        } catch {
            try FileSystem.remove(path)
            throw error
        }
    }

    private func compareSize() throws {
        let size = try FileSystem.status(path)?.size ?? 0
        let expected = entry?.size ?? file.object.size
        guard size == expected else {
            throw PipelineError(.mismatch, "\(file.path) has \(size) bytes where \(expected) are expected")
        }
    }

    private func compareDigest() throws {
        let algorithm = entry?.algorithm ?? .md5
        // Objects that were uploaded in parts have no MD5; of these, the size has to do.
        guard let expected = entry?.digest ?? file.object.md5 else { return }
        guard try MessageDigest.hexadecimal(ofFile: path, algorithm) == expected else {
            let origin = entry == nil ? "the source" : ProductManifest.path
            throw PipelineError(.mismatch, "\(file.path) does not have the \(algorithm.rawValue) that \(origin) gives")
        }
    }
}
