/// What the two metadata files of a product say, wherever they lie.
struct ProductStatements {
    private static let (product, granule) = ("MTD_MSIL1C.xml", "MTD_TL.xml")
    // What a cube records of the granule; everything else it records is of the product.
    private static let ofGranule: Set = [
        "granule_sensing_time", "sun_zenith", "sun_azimuth", "view_zenith", "view_azimuth",
    ]

    let all: [Statement]

    init(of identifier: String, metadata: ProductMetadata, tile: TileMetadata, resolutions: [Resolution]) {
        var all = [Statement("product_uri", metadata.productURI, in: Self.product)]
        for (number, resolution) in resolutions.enumerated() {
            let step = TimeStep(identifier, metadata: metadata, tile: tile, resolution: resolution)
            for column in TimeColumn.compared where column.isPerBand || number == 0 {
                let origin = Self.ofGranule.contains(column.name) ? Self.granule : Self.product
                all.append(Statement(column, of: step, at: resolution, in: origin))
            }
            all += Self.raster(metadata, tile: tile, at: resolution)
        }
        self.all = all
    }

    /// What is the same for all pixels of a resolution.
    private static func raster(
        _ metadata: ProductMetadata,
        tile: TileMetadata,
        at resolution: Resolution
    ) -> [Statement] {
        let central = BandWavelengths(of: metadata, resolution).central
        return [
            .bands(resolution.bands.map(\.name), at: resolution, in: product),
            .wavelengths(central, at: resolution, in: product),
            .noData("\(ProductMetadata.noDataValue)", at: resolution, in: product),
            .system(epsg: tile.epsgCode, at: resolution, in: granule),
        ] + (tile.grids[resolution].map { Statement.axes(of: $0, at: resolution, in: granule) } ?? [])
    }
}

extension TimeColumn {
    /// Those that can differ between data of one product, which its identifier names.
    static let compared = all.filter { $0.name != "product_id" }
}
