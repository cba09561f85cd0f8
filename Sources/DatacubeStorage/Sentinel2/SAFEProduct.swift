/// A Level-1C product as delivered: where its files lie, in a folder or on S3.
public struct SAFEProduct: Sendable {
    /// Where it lies.
    public let store: any ObjectStore
    /// Its folder there, which ends in `.SAFE`.
    public let key: String
    /// The parts of the folder's name.
    public let name: ProductName
    private let listing: [ObjectEntry]?

    /// What error texts call the product; its folder on this machine.
    public var path: String { "\(store)/\(key)" }
    /// The product's own metadata.
    public var productMetadataPath: String { "\(path)/MTD_MSIL1C.xml" }
    /// The index of its bands' tile-parts, which lies beside it.
    public var tilePartsKey: String { key + Self.tilePartsEnding }

    /// What the name of a product's index ends with, after that of the product.
    public static let tilePartsEnding = ".tileparts.json"

    /// Names a product in a folder; nothing is read yet.
    ///
    /// - Throws: ``PipelineError`` when the name is not one of a Level-1C product.
    public init(path: String) throws(PipelineError) {
        try self.init(LocalStore(root: FileSystem.parent(of: path)), key: FileSystem.name(of: path))
    }

    /// Names a product in a store; nothing is read yet.
    ///
    /// `listing` has the product's objects, if they are known already.
    ///
    /// - Throws: ``PipelineError`` when the name is not one of a Level-1C product.
    public init(_ store: any ObjectStore, key: String, listing: [ObjectEntry]? = nil) throws(PipelineError) {
        self.store = store
        self.key = key
        self.listing = listing
        name = try ProductName(FileSystem.name(of: key))
    }

    /// Finds the files that the pipeline reads.
    ///
    /// - Throws: ``PipelineError`` naming the first file that is absent.
    public func inventory() throws -> SAFEInventory {
        try SAFEInventory(of: self, listing ?? store.list(key + "/"))
    }

    /// Real documents have up to 1 MiB; a parsed one takes some tens of times its bytes.
    static let largestDocument = 16 << 20

    /// The content of one of its documents.
    func contents(_ key: String) throws -> [UInt8] {
        if let content = try store.get(key, limit: Self.largestDocument) { return content }
        throw PipelineError(.corrupt, "\(store)/\(key) does not exist; fetch the product again")
    }
}

/// The files of one product that the pipeline reads.
public struct SAFEInventory: Sendable {
    /// `MTD_MSIL1C.xml`.
    public let productMetadataKey: String
    /// `GRANULE/<granule>/MTD_TL.xml`.
    public let tileMetadataKey: String
    private let bands: [ObjectEntry]
    private let store: any ObjectStore

    /// The product's own metadata.
    public var productMetadataPath: String { "\(store)/\(productMetadataKey)" }
    /// The granule's metadata.
    public var tileMetadataPath: String { "\(store)/\(tileMetadataKey)" }
    /// The JPEG 2000 file of a band, as error texts call it.
    public func path(of band: Band) -> String { "\(store)/\(key(of: band))" }
    /// The JPEG 2000 file of a band.
    public func key(of band: Band) -> String { bands[band.rawValue].key }
    /// Bytes of that file.
    public func size(of band: Band) -> Int { bands[band.rawValue].size }

    init(of product: SAFEProduct, _ files: [ObjectEntry]) throws(PipelineError) {
        store = product.store
        guard !files.isEmpty else {
            throw PipelineError(.corrupt, "\(product.path) is not a folder with files; fetch the product again")
        }
        productMetadataKey = "\(product.key)/MTD_MSIL1C.xml"
        guard files.contains(where: { [productMetadataKey] in $0.key == productMetadataKey }) else {
            throw PipelineError(.corrupt, "\(product.path) lacks MTD_MSIL1C.xml; fetch the product again")
        }
        let granule = try Self.granule(of: product, files)
        tileMetadataKey = "\(granule)/MTD_TL.xml"
        bands = try Self.bands(granule, of: product, files: files)
    }

    // A folder without MTD_TL.xml is no granule: some real products hold an empty second one named `…_null`.
    private static func granule(of product: SAFEProduct, _ files: [ObjectEntry]) throws(PipelineError) -> String {
        let folder = "\(product.key)/GRANULE/"
        guard files.contains(where: { $0.key.hasPrefix(folder) }) else {
            throw PipelineError(.corrupt, "\(product.path) lacks the GRANULE folder; fetch the product again")
        }
        let granules = files.map(\.key).filter { key in
            key.hasPrefix(folder) && key.dropFirst(folder.count).split(separator: "/").dropFirst() == ["MTD_TL.xml"]
        }
        guard let granule = granules.first else {
            throw PipelineError(.corrupt, "\(product.path) has no granule with MTD_TL.xml; fetch the product again")
        }
        guard granules.count == 1 else {
            throw PipelineError(.unsupported, "\(product.path) has \(granules.count) granules; one is expected")
        }
        return FileSystem.parent(of: granule)
    }

    private static func bands(
        _ granule: String,
        of product: SAFEProduct,
        files: [ObjectEntry]
    ) throws(PipelineError) -> [ObjectEntry] {
        let folder = "\(granule)/IMG_DATA/"
        let images = files.filter { file in
            file.key.hasPrefix(folder) && !file.key.dropFirst(folder.count).hasPrefix(".")
        }
        let found = Band.allCases.map { band in images.first { $0.key.hasSuffix("_\(band.name).jp2") } }
        let missing = zip(Band.allCases, found).filter { $0.1 == nil }.map(\.0.name)
        guard missing.isEmpty else {
            let list = missing.joined(separator: " ")
            throw PipelineError(.corrupt, "\(product.path) lacks \(list) in IMG_DATA; fetch the product again")
        }
        return found.compactMap { $0 }
    }
}
