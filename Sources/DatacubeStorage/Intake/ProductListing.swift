/// The files of a product as the source lists them.
///
/// A listing is needed because the catalogue names some files only: masks, reports and auxiliary data are no assets.
struct ProductListing: Sendable {
    /// One file.
    struct File: Sendable {
        /// Relative to the product's folder.
        let path: String
        /// What the source tells of it.
        let object: S3Object
    }

    /// Everything below the product's folder except markers of folders.
    let files: [File]

    /// Asks for the files of a product.
    ///
    /// - Throws: `notFound` when there is none, `unsupported` when a key would leave the product's folder.
    init(of location: S3Location, in bucket: S3Bucket) throws {
        let prefix = location.key + "/"
        files = try bucket.list(prefix).compactMap { try Self.file($0, prefix: prefix) }
        guard files.contains(where: { $0.object.size > 0 }) else {
            throw PipelineError(.notFound, "the catalogue has the product, but there are no files at \(location)")
        }
    }

    /// All bytes.
    var size: Int { files.reduce(0) { $0 + $1.object.size } }

    // CDSE lists `….SAFE/`, `….SAFE/AUX_DATA/` and so on as objects of no bytes.
    private static func file(_ object: S3Object, prefix: String) throws -> File? {
        guard object.key.hasPrefix(prefix) else {
            throw PipelineError(.unsupported, "the source lists '\(object.key)', which is not below \(prefix)")
        }
        let path = String(object.key.dropFirst(prefix.count))
        guard !path.isEmpty, !(path.hasSuffix("/") && object.size == 0) else { return nil }
        try ObjectKey.validate(path)
        return File(path: path, object: object)
    }
}
