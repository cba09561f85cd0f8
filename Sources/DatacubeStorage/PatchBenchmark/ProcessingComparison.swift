/// In which processings of the data sources differ, and which products of theirs are damaged.
struct ProcessingComparison: Sendable {
    /// A line for each damaged product, and for each source that has other processings than it should.
    let failures: [String]

    init(_ sources: DescribedSources) {
        let acquisitions = sources.acquisitions
        failures = sources.all.indices.flatMap { source in
            let findings = SourceFindings(source, in: sources, acquisitions)
            return findings.damaged + findings.differences
        }
    }
}

/// What one source has of each acquisition, beside what it should have.
private struct SourceFindings {
    private let source: Int
    private let sources: DescribedSources
    private let acquisitions: [HeldAcquisition]
    private let restoration: FileRestoration

    init(_ source: Int, in sources: DescribedSources, _ acquisitions: [HeldAcquisition]) {
        (self.source, self.sources, self.acquisitions) = (source, sources, acquisitions)
        restoration = sources.all[source].restoration
    }

    private var name: String { sources.all[source].name }
    /// Whether the first source is what all others are made of.
    private var isDelivered: Bool { sources.all[0].place.format.origin == .intake }

    /// A line for each product that cannot be used.
    var damaged: [String] {
        acquisitions.flatMap { acquisition in
            acquisition.held[source].compactMap { product in
                product.shortcoming.map { error in
                    let told = error.within("\(name): \(product.identifier)")
                    let rest = fate(of: product.identifier, in: acquisition)
                    return "\(told); \(rest); restore it with: \(restoration.command)"
                }
            }
        }
    }

    /// What becomes of a product that cannot be used.
    private func fate(of identifier: String, in acquisition: HeldAcquisition) -> String {
        if let other = acquisition.latest(in: source) {
            return "\(other.identifier), which is of the same data, is used instead"
        }
        let isLoaded = sources.all[source].source.identifiers.contains(identifier)
        return isLoaded ? "its pixels are compared, its metadata are not" : "it is not compared"
    }

    /// How what a source holds of an acquisition differs from what it should hold.
    private enum Difference: CaseIterable {
        case lacking, earlier, later, replaced
    }

    /// A line for each kind of difference.
    var differences: [String] {
        let found = acquisitions.flatMap(differences(in:))
        return Difference.allCases.compactMap { kind in
            let products = found.filter { $0.kind == kind }.map(\.text)
            guard !products.isEmpty else { return nil }
            let (what, remedy) = words(of: kind)
            let list = products.joined(separator: ", ")
            return "mismatch: \(name) \(what), \(products.count) in all: \(list); \(remedy)"
        }
    }

    private func words(of kind: Difference) -> (what: String, remedy: String) {
        let reference = sources.all[0].restoration.command
        return switch kind {
        case .lacking: ("lacks products that others have", "bring them with: \(restoration.update)")
        case .earlier: ("holds earlier processings than it should", "bring it up to date with: \(restoration.update)")
        case .later:
            (
                "holds later processings, which cannot be compared",
                "bring them to \(sources.all[0].name) with: \(reference)"
            )
        case .replaced: ("holds what later processings replace", "have it removed by: \(restoration.update)")
        }
    }

    private func differences(in acquisition: HeldAcquisition) -> [(kind: Difference, text: String)] {
        guard let due = due(of: acquisition) else { return [] }
        let used = acquisition.used(in: source)
        guard !used.isEmpty else {
            // What is there and damaged has a line already.
            let isSaid = acquisition.held[source].contains { $0.shortcoming != nil }
            return isSaid ? [] : [(.lacking, due.identifier)]
        }
        let hasDue = used.contains { $0.identifier == due.identifier }
        return used.filter { $0.identifier != due.identifier }.map { product in
            let kind: Difference = product.isLater(than: due) ? .later : hasDue ? .replaced : .earlier
            let others = "\(due.identifier) is in \(holders(of: due, in: acquisition))"
            return (kind, "\(product.identifier) where \(others)")
        }
    }

    /// The processing that all sources should have: the latest whole one as delivered; without that, the latest of all.
    private func due(of acquisition: HeldAcquisition) -> HeldProduct? {
        (isDelivered ? acquisition.latest(in: 0) : nil) ?? acquisition.latestOfAll
    }

    private func holders(of product: HeldProduct, in acquisition: HeldAcquisition) -> String {
        sources.all.indices.filter { acquisition.used(in: $0).contains { $0.identifier == product.identifier } }
            .map { sources.all[$0].name }.joined(separator: ", ")
    }
}
