/// What a verification finds before it looks at pixels.
struct VerificationFindings: Sendable {
    /// A line for each finding.
    let failures: [String]
    /// The names of sources that say something differently than the first.
    let differing: Set<String>
    /// The sources whose pixels can be compared with those of the first: as many rows and columns.
    let comparable: [PlacedSource]

    /// Compares processings, coordinates and metadata of sources with those of the first.
    init(_ sources: DescribedSources) {
        guard let reference = sources.all.first else {
            (failures, differing, comparable) = (sources.refusals, [], [])
            return
        }
        let compared = sources.all.map { source in
            (source.name, DescriptionComparison(source, with: reference).failures)
        }
        failures = sources.refusals + ProcessingComparison(sources).failures + compared.flatMap { $0.1 }
        differing = Set(compared.filter { !$0.1.isEmpty }.map { $0.0 })
        let sizes = Self.sizes(of: reference)
        comparable = sources.all.filter { Self.sizes(of: $0) == sizes }.map(\.placed)
    }

    private static func sizes(of source: DescribedSource) -> [Resolution: [Int]] {
        source.source.grids.mapValues { [$0.width, $0.height] }
    }
}
