// SENTINEL-SAFE format, manifest.safe: dataObjectSection/dataObject/byteStream.

/// `manifest.safe`: the files that a product must have, each with its size and digest.
///
/// The manifest itself, the pictures of the HTML page and the schemas in `rep_info` are not in it.
public struct ProductManifest: Sendable, Equatable {
    /// One file.
    public struct Entry: Sendable, Equatable {
        /// Relative to the product's folder.
        public let path: String
        /// Bytes.
        public let size: Int
        /// SHA3-256 in products since 2022, MD5 before.
        public let algorithm: MessageDigest.Algorithm
        /// Hexadecimal digits in lower case.
        public let digest: String
    }

    /// Where it lies in a product's folder.
    public static let path = "manifest.safe"

    /// All files, in the order of the document.
    public let entries: [Entry]

    /// Reads a manifest; `path` is what error texts call it.
    ///
    /// - Throws: ``PipelineError`` naming the first entry that makes no sense, or whose path leaves the product.
    public init(_ bytes: [UInt8], path: String) throws {
        let document = try XMLParser.parse(bytes, name: path)
        let objects = document.first("dataObjectSection")?.children("dataObject") ?? []
        guard !objects.isEmpty else { throw PipelineError(.corrupt, "\(path) lists no files") }
        entries = try objects.map { object in
            do {
                return try Entry(object)
            } catch let error as PipelineError {
                throw error.within("\(path), dataObject \(object.attributes["ID"] ?? "without ID")")
            }
        }
    }
}

extension ProductManifest.Entry {
    fileprivate init(_ object: XMLElement) throws {
        let stream = object.child("byteStream")
        guard let size = stream?.attributes["size"].flatMap(ObjectSize.parse),
            let href = stream?.child("fileLocation")?.attributes["href"], let checksum = stream?.child("checksum")
        else { throw PipelineError(.corrupt, "size, place or checksum is missing") }
        let name = checksum.attributes["checksumName"] ?? ""
        guard let algorithm = MessageDigest.Algorithm(rawValue: name.uppercased()) else {
            throw PipelineError(.unsupported, "the checksum '\(name)' is of a kind that is not known")
        }
        path = href.hasPrefix("./") ? String(href.dropFirst(2)) : href
        try ObjectKey.validate(path)
        self.size = size
        self.algorithm = algorithm
        // Real manifests mix cases from entry to entry.
        digest = checksum.text.lowercased()
        guard digest.utf8.count == algorithm.digitCount, digest.allSatisfy(\.isHexDigit) else {
            throw PipelineError(.corrupt, "its checksum is no \(algorithm.rawValue)")
        }
    }
}

extension MessageDigest.Algorithm {
    fileprivate var digitCount: Int { self == .md5 ? 32 : 64 }
}
