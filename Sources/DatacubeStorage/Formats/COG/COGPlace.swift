/// Where the files of products lie by their own georeferences: most of them, and those that lie elsewhere.
struct COGPlace: Sendable {
    let geocoding: TileGeocoding
    /// A line for each product that lies elsewhere.
    let strays: [String]

    /// Finds the place of most products, the first of these where several are of as many.
    ///
    /// - Throws: `mismatch` where the files of no product agree, or a product's have other sizes than those of the others.
    init(of images: [[Resolution: GeoTIFFImage]]) throws {
        let places = try images.map { product in try PipelineError.result { try Self.place(of: product) } }
        let found = places.compactMap { try? $0.get() }
        let counts = Dictionary(grouping: found) { $0 }.mapValues(\.count)
        guard let common = found.first(where: { counts[$0] == counts.values.max() }) else {
            _ = try places.first?.get()
            throw PipelineError(.notFound, "there is no resolution to load")
        }
        geocoding = common
        strays = try zip(images, places).compactMap { product, place in
            guard (try? place.get()) != common else { return nil }
            let error = Self.stray(product, at: place, common: common)
            guard Self.hasSizes(of: common, product) else { throw error }
            return error.message
        }
    }

    private static func place(of product: [Resolution: GeoTIFFImage]) throws -> TileGeocoding {
        do {
            let codes = Set(product.values.map(\.georeference.epsg))
            guard codes.count == 1, let code = codes.first else {
                throw PipelineError(.mismatch, "its files are of different zones, \(codes.sorted())")
            }
            return try TileGeocoding(epsgCode: code, grids: product.mapValues(\.grid))
        } catch {
            throw PipelineError.told(error, within: advice(product))
        }
    }

    private static func stray(
        _ product: [Resolution: GeoTIFFImage],
        at place: Result<TileGeocoding, PipelineError>,
        common: TileGeocoding
    ) -> PipelineError {
        switch place {
        case .failure(let error): error
        case .success(let found):
            PipelineError(.mismatch, "\(advice(product)): it lies at \(found), others of the year at \(common)")
        }
    }

    private static func hasSizes(of common: TileGeocoding, _ product: [Resolution: GeoTIFFImage]) -> Bool {
        product.allSatisfy { resolution, image in
            common.grids[resolution].map { $0.width == image.width && $0.height == image.height } ?? false
        }
    }

    private static func advice(_ product: [Resolution: GeoTIFFImage]) -> String {
        let folder = product.values.first.map { FileSystem.parent(of: $0.path) } ?? "a product"
        return "\(folder), convert the product again"
    }
}
