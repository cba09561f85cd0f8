import Logging
import Synchronization

/// The products of one tile-year that can be used, and why the others cannot.
struct TileYearProducts: Sendable {
    /// By sensing start; equal starts by granule sensing time.
    let products: [ProductImages]
    /// Identifiers of products that a later processing of the same data replaces.
    let superseded: Set<String>
    /// One line for each product that cannot be used.
    let failures: [String]

    /// Looks into all products, in parallel; of those without an index of tile-parts one is kept, unless nothing may be
    /// written.
    static func read(
        _ products: [SAFEProduct],
        keepsIndices: Bool = true,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> TileYearProducts {
        let described = Mutex<[Int: Result<DescribedProduct, PipelineError>]>([:])
        try await executor.forEach(products.count) { index in
            let result = try PipelineError.result { try DescribedProduct(products[index]) }
            described.withLock { $0[index] = result }
        }
        let all = described.withLock { found in products.indices.compactMap { found[$0] } }
        let (kept, superseded) = ProductDuplicates.resolve(all.compactMap { try? $0.get() })
        for product in superseded {
            log.info("\(product.identifier) is left out: a later processing of the same data is there")
        }
        for product in kept where !product.unknowns.isEmpty {
            let unknowns = product.unknowns.joined(separator: ", ")
            log.info("\(product.identifier): its metadata do not give \(unknowns); they are recorded as NaN")
        }
        let opened = Mutex<[Int: Result<ProductImages, PipelineError>]>([:])
        try await executor.forEach(kept.count) { index in
            let result = try PipelineError.result { try open(kept[index], keepsIndex: keepsIndices, log: log) }
            opened.withLock { $0[index] = result }
        }
        let images = opened.withLock { found in kept.indices.compactMap { found[$0] } }
        for case .success(let image) in images where image.product.metadata.orbitDirection != "DESCENDING" {
            log.info("\(image.product.identifier) is of an ascending pass; it is used like the others and marked")
        }
        return TileYearProducts(
            products: images.compactMap { try? $0.get() }.sorted { order($0) < order($1) },
            superseded: Set(superseded.map(\.identifier)),
            failures: zip(products, all).compactMap { failure($1, $0.name.identifier) }
                + zip(kept, images).compactMap { failure($1, $0.identifier) }
        )
    }

    /// Opens a product; on first use its index of tile-parts is kept for the next time, where this user may write.
    private static func open(_ product: DescribedProduct, keepsIndex: Bool, log: Logger) throws -> ProductImages {
        let images = try ProductImages(product)
        guard keepsIndex, !images.isIndexed, product.product.store.properties.folder != nil else { return images }
        do {
            try images.writeIndex()
        } catch {
            log.debug("\(product.identifier): its index of tile-parts is not kept: \(PipelineError.wrapping(error))")
        }
        return images
    }

    /// Without the products that lie elsewhere than the others, for a tile-year has one pixel grid.
    ///
    /// `expected` is where its datacube lies already; where there is none, or none of the products lies there, it is
    /// where most of the products do.
    func inOnePlace(_ expected: TileGeocoding? = nil) -> TileYearProducts {
        let places = products.map(\.product.tile.geocoding)
        let counts = Dictionary(grouping: places) { $0 }.mapValues(\.count)
        let most = counts.values.max()
        guard
            let common = places.first(where: { expected?.isSamePlace(as: $0) ?? false })
                ?? places.first(where: { counts[$0] == most })
        else {
            return self
        }
        let odd = products.filter { $0.product.tile.geocoding != common }.map { images in
            let found = "\(images.product.inventory.tileMetadataPath) puts its pixel grid at"
            let others = "and the tile-year's is at \(common); fetch the product again"
            let error = PipelineError(.mismatch, "\(found) \(images.product.tile.geocoding), \(others)")
            return error.within(images.product.identifier).description
        }
        return TileYearProducts(
            products: products.filter { $0.product.tile.geocoding == common },
            superseded: superseded,
            failures: failures + odd
        )
    }

    private static func order(_ images: ProductImages) -> (Int64, Int64, String) {
        let product = images.product
        return (product.metadata.startTime.milliseconds, product.tile.sensingTime.milliseconds, product.identifier)
    }

    private static func failure<Value>(_ result: Result<Value, PipelineError>, _ name: String) -> String? {
        guard case .failure(let error) = result else { return nil }
        return "\(error.within(name))"
    }
}
