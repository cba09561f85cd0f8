import Logging
import Synchronization

/// What is done about the index of tile-parts that may lie beside a product.
enum IndexUse: Sendable {
    /// It is taken, and made and kept where there is none and this user may write.
    case keep
    /// It is taken where it is there.
    case use
    /// The headers of all band files are read, as if there were none.
    case ignore
}

/// The products of one tile-year that can be used, and why the others cannot.
///
/// A product that cannot be used replaces no earlier processing of the same data.
struct TileYearProducts: Sendable {
    /// By sensing start; equal starts by granule sensing time.
    let products: [ProductImages]
    /// Identifiers of products that a later processing of the same data replaces.
    let superseded: Set<String>
    /// One line for each product that cannot be used.
    let failures: [String]
    private let described: [Result<DescribedProduct, PipelineError>]
    private let names: [ProductName]
    private let opened: [String: ProductImages]
    /// Why products whose metadata make sense cannot be used.
    private let unusable: [String: PipelineError]
    private let indices: IndexUse

    /// Looks into all products, in parallel.
    static func read(
        _ products: [SAFEProduct],
        indices: IndexUse = .keep,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> TileYearProducts {
        let described = Mutex<[Int: Result<DescribedProduct, PipelineError>]>([:])
        try await executor.forEach(products.count) { index in
            let result = try PipelineError.result { try DescribedProduct(products[index]) }
            described.withLock { $0[index] = result }
        }
        let all = described.withLock { found in products.indices.compactMap { found[$0] } }
        let read = TileYearProducts(
            all,
            names: products.map(\.name),
            opened: [:],
            unusable: [:],
            indices: indices
        )
        let settled = try await read.openingAll(on: executor, log: log)
        settled.tell(log)
        return settled
    }

    private init(
        _ described: [Result<DescribedProduct, PipelineError>],
        names: [ProductName],
        opened: [String: ProductImages],
        unusable: [String: PipelineError],
        indices: IndexUse
    ) {
        let sound = described.compactMap { try? $0.get() }.filter { unusable[$0.identifier] == nil }
        let (kept, superseded) = ProductDuplicates.resolve(sound)
        products = kept.compactMap { opened[$0.identifier] }.sorted { Self.order($0) < Self.order($1) }
        self.superseded = Set(superseded.map(\.identifier))
        failures = zip(names, described).compactMap { name, result in
            let reason = if case .failure(let error) = result { error } else { unusable[name.identifier] }
            return reason.map { "\($0.within(name.identifier))" }
        }
        self.described = described
        self.names = names
        self.opened = opened
        self.unusable = unusable
        self.indices = indices
    }

    /// Opens what is to be used; where that fails, the earlier processing takes its place and is opened too.
    private func openingAll(on executor: BlockingExecutor, log: Logger) async throws -> TileYearProducts {
        let sound = described.compactMap { try? $0.get() }.filter { unusable[$0.identifier] == nil }
        let due = ProductDuplicates.resolve(sound).kept.filter { opened[$0.identifier] == nil }
        guard !due.isEmpty else { return self }
        let results = Mutex<[String: Result<ProductImages, PipelineError>]>([:])
        try await executor.forEach(due.count) { [indices] index in
            let result = try PipelineError.result { try Self.open(due[index], indices: indices, log: log) }
            results.withLock { $0[due[index].identifier] = result }
        }
        var (known, failed) = (opened, unusable)
        for (identifier, result) in results.withLock({ $0 }) {
            switch result {
            case .success(let images): known[identifier] = images
            case .failure(let error): failed[identifier] = error
            }
        }
        return try await TileYearProducts(
            described,
            names: names,
            opened: known,
            unusable: failed,
            indices: indices
        ).openingAll(on: executor, log: log)
    }

    /// Without products that turned out not to be usable; what they would have replaced is used again.
    func without(
        _ reasons: [String: PipelineError],
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> TileYearProducts {
        guard !reasons.isEmpty else { return self }
        return try await TileYearProducts(
            described,
            names: names,
            opened: opened,
            unusable: unusable.merging(reasons) { first, _ in first },
            indices: indices
        ).openingAll(on: executor, log: log)
    }

    /// All products that are there, with their datastrips where metadata tell them, and why they cannot be used.
    var present: [(name: ProductName, datastrip: String?, shortcoming: PipelineError?)] {
        zip(names, described).map { name, result in
            switch result {
            case .success(let product): (name, product.metadata.datastripIdentifier, unusable[name.identifier])
            case .failure(let error): (name, nil, error)
            }
        }
    }

    /// Later processings of a product's data that are there and cannot be used.
    func unusableSuccessors(of product: DescribedProduct) -> Set<String> {
        let others = zip(names, described).compactMap { name, result -> (name: ProductName, datastrip: String?)? in
            guard let other = try? result.get() else { return (name, nil) }
            return unusable[name.identifier] == nil ? nil : (name, other.metadata.datastripIdentifier)
        }
        return ProductDuplicates.successors(of: product, among: others)
    }

    /// Products that may be earlier processings of a product's data, but cannot be looked into.
    func unknownPredecessors(of product: DescribedProduct) -> Set<String> {
        let unread = zip(names, described).compactMap { name, result -> (name: ProductName, datastrip: String?)? in
            if case .failure = result { (name, nil) } else { nil }
        }
        return ProductDuplicates.predecessors(of: product, among: unread)
    }

    private func tell(_ log: Logger) {
        for identifier in superseded.sorted() {
            log.info("\(identifier) is left out: a later processing of the same data is there")
        }
        for product in products.map(\.product) where !product.unknowns.isEmpty {
            let unknowns = product.unknowns.joined(separator: ", ")
            log.info("\(product.identifier): its metadata do not give \(unknowns); they are recorded as NaN")
        }
        for product in products.map(\.product) where product.metadata.orbitDirection != "DESCENDING" {
            log.info("\(product.identifier) is of an ascending pass; it is used like the others and marked")
        }
    }

    /// Opens a product; on first use its index of tile-parts is kept for the next time, where this user may write.
    private static func open(_ product: DescribedProduct, indices: IndexUse, log: Logger) throws -> ProductImages {
        let images = try ProductImages(product, takesIndex: indices != .ignore)
        guard indices == .keep, !images.isIndexed, product.product.store.properties.folder != nil else { return images }
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
    func inOnePlace(
        _ expected: TileGeocoding? = nil,
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> TileYearProducts {
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
            return (images.product.identifier, error)
        }
        guard !odd.isEmpty else { return self }
        // What takes their place may lie elsewhere too.
        return try await without(Dictionary(odd) { first, _ in first }, on: executor, log: log)
            .inOnePlace(expected ?? common, on: executor, log: log)
    }

    private static func order(_ images: ProductImages) -> (Int64, Int64, String) {
        let product = images.product
        return (product.metadata.startTime.milliseconds, product.tile.sensingTime.milliseconds, product.identifier)
    }
}
