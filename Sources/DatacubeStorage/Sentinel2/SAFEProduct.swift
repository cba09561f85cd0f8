/// A Level-1C product as delivered: where its files lie.
public struct SAFEProduct: Sendable {
    /// The folder that ends in `.SAFE`.
    public let path: String
    /// The parts of the folder's name.
    public let name: ProductName

    /// The product's own metadata.
    public var productMetadataPath: String { FileSystem.join(path, "MTD_MSIL1C.xml") }

    /// Names a product; nothing is read yet.
    ///
    /// - Throws: ``PipelineError`` when the name is not one of a Level-1C product.
    public init(path: String) throws(PipelineError) {
        self.path = path
        self.name = try ProductName(FileSystem.name(of: path))
    }

    /// Finds the files that the pipeline reads.
    ///
    /// - Throws: ``PipelineError`` naming the first file that is absent.
    public func inventory() throws -> SAFEInventory { try SAFEInventory(of: self) }
}

/// The files of one product that the pipeline reads.
public struct SAFEInventory: Sendable {
    /// `MTD_MSIL1C.xml`.
    public let productMetadataPath: String
    /// `GRANULE/<granule>/MTD_TL.xml`.
    public let tileMetadataPath: String
    private let bandPaths: [String]

    /// The JPEG 2000 file of a band.
    public func path(of band: Band) -> String { bandPaths[band.rawValue] }

    init(of product: SAFEProduct) throws {
        guard try FileSystem.status(product.path)?.kind == .directory else {
            throw PipelineError(.corrupt, "\(product.path) is not a folder; a product is one, fetch it again")
        }
        productMetadataPath = product.productMetadataPath
        guard try FileSystem.exists(productMetadataPath) else {
            throw PipelineError(.corrupt, "\(product.path) lacks MTD_MSIL1C.xml; fetch the product again")
        }
        let granule = try SAFEInventory.granule(of: product)
        tileMetadataPath = FileSystem.join(granule, "MTD_TL.xml")
        bandPaths = try SAFEInventory.bandPaths(granule, of: product)
    }

    // A folder without MTD_TL.xml is no granule: some real products hold an empty second one named `…_null`.
    private static func granule(of product: SAFEProduct) throws -> String {
        let folder = FileSystem.join(product.path, "GRANULE")
        guard try FileSystem.exists(folder) else {
            throw PipelineError(.corrupt, "\(product.path) lacks the GRANULE folder; fetch the product again")
        }
        let granules = try FileSystem.list(folder).map { FileSystem.join(folder, $0) }
            .filter { try FileSystem.exists(FileSystem.join($0, "MTD_TL.xml")) }
        guard let granule = granules.first else {
            throw PipelineError(.corrupt, "\(product.path) has no granule with MTD_TL.xml; fetch the product again")
        }
        guard granules.count == 1 else {
            throw PipelineError(.unsupported, "\(product.path) has \(granules.count) granules; one is expected")
        }
        return granule
    }

    private static func bandPaths(_ granule: String, of product: SAFEProduct) throws -> [String] {
        let folder = FileSystem.join(granule, "IMG_DATA")
        guard try FileSystem.exists(folder) else {
            throw PipelineError(.corrupt, "\(granule) lacks the IMG_DATA folder; fetch the product again")
        }
        let names = try FileSystem.list(folder).filter { $0.hasSuffix(".jp2") && !$0.hasPrefix(".") }
        let missing = Band.allCases.filter { band in !names.contains { $0.hasSuffix("_\(band.name).jp2") } }
        guard missing.isEmpty else {
            let list = missing.map(\.name).joined(separator: " ")
            throw PipelineError(.corrupt, "\(product.path) lacks \(list) in IMG_DATA; fetch the product again")
        }
        return Band.allCases.compactMap { band in
            names.first { $0.hasSuffix("_\(band.name).jp2") }.map { FileSystem.join(folder, $0) }
        }
    }
}
