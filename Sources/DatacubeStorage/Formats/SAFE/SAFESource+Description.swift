import Logging

extension SAFESource {
    /// Nothing is read for it: opening the products took all of it.
    func description(on executor: BlockingExecutor) -> UnitDescription {
        let dates = products.products.map { images in
            let product = images.product
            let said = ProductStatements(
                of: product.identifier,
                metadata: product.metadata,
                tile: product.tile,
                resolutions: data.resolutions
            )
            return (product.identifier, said.all)
        }
        return UnitDescription(products: held, dates: Dictionary(dates) { first, _ in first })
    }

    private var held: [HeldProduct] {
        let used = Set(identifiers)
        return products.present.map { name, datastrip, shortcoming in
            let worth: HeldProduct.State = used.contains(name.identifier) ? .used : .superseded
            return HeldProduct(name: name, datastrip: datastrip, state: shortcoming.map { .unusable($0) } ?? worth)
        }
    }

    /// Compares the products with their manifests.
    func damage(among suspects: Set<String>, on executor: BlockingExecutor) async throws -> [String: PipelineError] {
        var damaged: [String: PipelineError] = [:]
        for product in products.products.map(\.product.product) where suspects.contains(product.name.identifier) {
            damaged[product.name.identifier] = try await Self.damage(of: product, on: executor)
        }
        return damaged
    }

    func without(
        _ damaged: [String: PipelineError],
        on executor: BlockingExecutor,
        log: Logger
    ) async throws -> any PatchSource {
        let rest = try await products.without(damaged, on: executor, log: log).inOnePlace(on: executor, log: log)
        return try SAFESource(rest, of: data)
    }

    private static func damage(of product: SAFEProduct, on executor: BlockingExecutor) async throws -> PipelineError? {
        do {
            let lost = try await product.difference(by: .checksum, on: executor).lost
            return lost.first.map { first in
                let files = lost.count == 1 ? "a file of it is" : "\(lost.count) files of it are"
                return PipelineError(.corrupt, "\(files) not as its manifest lists, \(first); fetch the product again")
            }
        } catch let error as PipelineError {
            return error
        }
    }
}
