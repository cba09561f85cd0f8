/// A product whose band files were looked into: all there, whole, and of the size that the metadata give.
public struct ProductImages: Sendable {
    /// The product.
    public let product: DescribedProduct
    private let images: [JPEG2000Image]

    /// Opens all thirteen band files and reads their headers and tile-part indices, not their pixels.
    ///
    /// - Throws: ``PipelineError`` naming the file and what is wrong with it.
    public init(_ product: DescribedProduct) throws {
        self.product = product
        images = try Band.allCases.map { try JPEG2000Image(file: product.inventory.path(of: $0)) }
        for band in Band.allCases { try checkSize(band) }
    }

    /// The band's file.
    public func image(_ band: Band) -> JPEG2000Image { images[band.rawValue] }

    /// The pixel grid of a resolution.
    public func grid(_ resolution: Resolution) throws(PipelineError) -> PixelGrid {
        guard let grid = product.tile.grids[resolution] else {
            throw PipelineError(.corrupt, "\(product.inventory.tileMetadataPath) lacks the geocoding of \(resolution.name)")
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
