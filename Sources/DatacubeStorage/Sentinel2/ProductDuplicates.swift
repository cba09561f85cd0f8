/// A product with what its metadata say, ready to be converted or read.
public struct DescribedProduct: Sendable {
    /// Where it lies and what it is called.
    public let product: SAFEProduct
    /// Its files.
    public let inventory: SAFEInventory
    /// `MTD_MSIL1C.xml`.
    public let metadata: ProductMetadata
    /// `MTD_TL.xml`.
    public let tile: TileMetadata

    /// Reads both metadata files.
    ///
    /// - Throws: ``PipelineError`` naming the file and what is wrong with it.
    public init(_ product: SAFEProduct) throws {
        self.product = product
        self.inventory = try product.inventory()
        self.metadata = try ProductMetadata(
            product.contents(inventory.productMetadataKey),
            path: inventory.productMetadataPath
        )
        self.tile = try TileMetadata(product.contents(inventory.tileMetadataKey), path: inventory.tileMetadataPath)
        guard tile.epsgCode == product.name.epsgCode else {
            let found = "\(inventory.tileMetadataPath) says EPSG:\(tile.epsgCode)"
            throw PipelineError(
                .mismatch,
                "\(found), but tile \(product.name.tile) lies in EPSG:\(product.name.epsgCode); fetch the product again"
            )
        }
    }

    /// What the metadata do not say of what they usually say: values that inform and that no pixel depends on.
    var unknowns: [String] {
        var unknowns: [String] = []
        if metadata.cloudCover.isNaN { unknowns.append("cloud cover") }
        if tile.meanSunAngles.zenith.isNaN || tile.meanSunAngles.azimuth.isNaN { unknowns.append("sun angles") }
        let bands = Band.allCases.filter { band in
            tile.meanViewAngles[band].map { $0.zenith.isNaN || $0.azimuth.isNaN } ?? true
        }
        if !bands.isEmpty { unknowns.append("view angles of \(bands.map(\.name).joined(separator: " "))") }
        return unknowns
    }

    /// The name without `.SAFE`, which every format records as the product's identity.
    public var identifier: String { product.name.identifier }
}

/// The rule that tells re-processings of the same data from different data of the same overpass.
public enum ProductDuplicates {
    /// Keeps one product of each acquisition.
    ///
    /// Two products are the same acquisition when platform, datatake start, tile, relative orbit and the sensing
    /// start of their datastrips agree. Of those the highest baseline stays, 99.xx ranking lowest (it marks
    /// special processings), then the latest discriminator. Products that differ in datastrip only are different
    /// data, cut at a ground station's border, and all stay.
    ///
    /// - Returns: the products that stay, in the order given, and those superseded.
    public static func resolve(
        _ products: [DescribedProduct]
    ) -> (kept: [DescribedProduct], superseded: [DescribedProduct]) {
        resolve(products, name: \.product.name, datastrip: \.metadata.datastripIdentifier)
    }

    /// The same rule for any description of products.
    static func resolve<Product>(
        _ products: [Product],
        name: (Product) -> ProductName,
        datastrip: (Product) -> String?
    ) -> (kept: [Product], superseded: [Product]) {
        var best: [AcquisitionKey: Int] = [:]
        for (index, product) in products.enumerated() {
            let key = AcquisitionKey(name(product), datastrip: datastrip(product))
            if let other = best[key], rank(name(products[other])) >= rank(name(product)) { continue }
            best[key] = index
        }
        let kept = Set(best.values)
        let (staying, leaving) = (
            products.indices.filter(kept.contains), products.indices.filter { !kept.contains($0) }
        )
        return (staying.map { products[$0] }, leaving.map { products[$0] })
    }

    /// Of some products those that are a later processing of what one holds, as far as names and datastrips tell.
    static func successors(
        of product: DescribedProduct,
        among others: [(name: ProductName, datastrip: String?)]
    ) -> Set<String> {
        processings(of: product, among: others) { rank($0) > rank(product.product.name) }
    }

    /// Of some products those that are an earlier processing of what one holds, as far as names and datastrips tell.
    static func predecessors(
        of product: DescribedProduct,
        among others: [(name: ProductName, datastrip: String?)]
    ) -> Set<String> {
        processings(of: product, among: others) { rank($0) < rank(product.product.name) }
    }

    private static func processings(
        of product: DescribedProduct,
        among others: [(name: ProductName, datastrip: String?)],
        _ isWanted: (ProductName) -> Bool
    ) -> Set<String> {
        let key = AcquisitionKey(product.product.name, datastrip: product.metadata.datastripIdentifier)
        let found = others.filter { name, datastrip in
            // Of a product whose metadata cannot be read only the name is known.
            let other = AcquisitionKey(name, datastrip: datastrip ?? product.metadata.datastripIdentifier)
            return other == key && isWanted(name)
        }
        return Set(found.map(\.name.identifier))
    }

    /// The later the processing, the higher.
    static func rank(_ name: ProductName) -> (Int, String) {
        (name.baseline >= 9900 ? -1 : name.baseline, name.discriminator)
    }
}
