/// A product whose band files were looked into: all there, whole, and of the size that the metadata give.
public struct ProductImages: Sendable {
    /// The product.
    public let product: DescribedProduct
    private let images: [JPEG2000Image]

    /// Takes the tile-part index beside the product if it is wanted and there, or reads the headers of all thirteen band files; no pixels.
    ///
    /// - Throws: ``PipelineError`` naming the file and what is wrong with it.
    public init(_ product: DescribedProduct, takesIndex: Bool = true) throws {
        self.product = product
        let index = takesIndex ? try ProductTileParts(of: product.product, product.inventory) : nil
        isIndexed = index != nil
        images = try Band.allCases.map { band in
            try index?.image(band) ?? JPEG2000Image(product.product.store, key: product.inventory.key(of: band))
        }
        for band in Band.allCases { try checkSize(band) }
    }

    /// Whether the index of tile-parts came from the file beside the product.
    public let isIndexed: Bool

    /// Writes the index of tile-parts beside the product, for all readers to come.
    public func writeIndex() throws {
        let bands = Dictionary(uniqueKeysWithValues: Band.allCases.map { ($0, image($0)) })
        try ProductTileParts(bands).write(beside: product.product, product.inventory)
    }

    /// The band's file.
    public func image(_ band: Band) -> JPEG2000Image { images[band.rawValue] }

    /// The pixel grid of a resolution.
    public func grid(_ resolution: Resolution) throws(PipelineError) -> PixelGrid {
        guard let grid = product.tile.grids[resolution] else {
            throw PipelineError(
                .corrupt,
                "\(product.inventory.tileMetadataPath) lacks the geocoding of \(resolution.name)"
            )
        }
        return grid
    }

    private func checkSize(_ band: Band) throws(PipelineError) {
        let image = image(band)
        let grid = try grid(band.resolution)
        guard image.width == grid.width, image.height == grid.height else {
            let found = "\(image.path) has \(image.width) x \(image.height) pixels"
            let expected = "\(grid.width) x \(grid.height) at \(band.resolution.name) by MTD_TL.xml"
            throw PipelineError(.mismatch, "\(found); it must have \(expected), fetch the product again")
        }
    }
}
