/// Data sensed once, and the processings of them that several places hold.
struct HeldAcquisition: Sendable {
    /// What each place holds of it, in the order of the places.
    let held: [[HeldProduct]]

    /// What a place offers of it.
    func used(in place: Int) -> [HeldProduct] { held[place].filter(\.isUsed) }

    /// The latest processing that a place offers.
    func latest(in place: Int) -> HeldProduct? { used(in: place).max { $1.isLater(than: $0) } }

    /// The latest processing that any place offers.
    var latestOfAll: HeldProduct? { held.indices.compactMap(latest(in:)).max { $1.isLater(than: $0) } }

    /// Sorts out by acquisition what places hold; in order of time.
    static func all(in places: [[HeldProduct]]) -> [HeldAcquisition] {
        let keys = AcquisitionKeys(places)
        var found: [AcquisitionKey: [[HeldProduct]]] = [:]
        for (place, products) in places.enumerated() {
            for product in products {
                found[keys.key(of: product), default: places.map { _ in [] }][place].append(product)
            }
        }
        return found.values.map(HeldAcquisition.init).sorted { $0.order < $1.order }
    }

    private var order: String {
        held.joined().map { "\($0.name.datatakeStart) \($0.identifier)" }.min() ?? ""
    }
}

extension HeldProduct {
    /// Whether it is a later processing than another of the same data.
    func isLater(than other: HeldProduct) -> Bool {
        ProductDuplicates.rank(name) > ProductDuplicates.rank(other.name)
    }
}

/// Finds the acquisition of products, of which some places keep the name only.
private struct AcquisitionKeys {
    /// Datastrips by product, as far as any place tells them.
    private let datastrips: [String: String]
    /// The acquisitions that are known, by what of them product names tell.
    private let known: [AcquisitionKey: Set<AcquisitionKey>]
    /// Names of overpasses of which a place offers several products: without datastrips these cannot be told apart.
    private let parted: Set<AcquisitionKey>

    init(_ places: [[HeldProduct]]) {
        let told = places.joined().compactMap { product in
            product.datastrip.map { (name: product.name, datastrip: $0) }
        }
        datastrips = Dictionary(told.map { ($0.name.identifier, $0.datastrip) }) { first, _ in first }
        known = Dictionary(grouping: told) { Self.overpass(of: $0.name) }.mapValues { products in
            Set(products.map { AcquisitionKey($0.name, datastrip: $0.datastrip) })
        }
        parted = places.reduce(into: []) { parted, products in
            let counts = Dictionary(grouping: products.filter(\.isUsed)) { Self.overpass(of: $0.name) }
            parted.formUnion(counts.filter { $1.count > 1 }.keys)
        }
    }

    func key(of product: HeldProduct) -> AcquisitionKey {
        if let datastrip = datastrips[product.identifier] {
            return AcquisitionKey(product.name, datastrip: datastrip)
        }
        let overpass = Self.overpass(of: product.name)
        let candidates = known[overpass] ?? []
        if let only = candidates.first, candidates.count == 1 { return only }
        return candidates.isEmpty && !parted.contains(overpass)
            ? overpass : AcquisitionKey(product.name, datastrip: nil)
    }

    private static func overpass(of name: ProductName) -> AcquisitionKey { AcquisitionKey(overpass: name) }
}
