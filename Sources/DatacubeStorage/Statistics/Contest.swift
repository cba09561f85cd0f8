/// What contenders took in each round, and what follows from it.
///
/// The round is the unit: loads of one round share the machine's state, so several workers of a round are one value, the
/// geometric mean of their durations.
public struct Contest: Sendable {
    /// A contender's name and its seconds by round.
    public struct Entry: Sendable {
        /// What it is called.
        public let name: String
        /// Seconds by the number of the round.
        public let seconds: [Int: Double]
    }

    /// All of them.
    public let entries: [Entry]
    /// The contender that all others are compared with; nil compares all pairs.
    public var baseline: String?

    /// All pairs, or those with the baseline, judged together.
    public var comparisons: [RatioComparison] {
        var comparisons: [RatioComparison] = []
        for (place, a) in entries.enumerated() {
            for b in entries.dropFirst(place + 1) where isWanted(a, b) { comparisons.append(Self.comparison(a, b)) }
        }
        return comparisons.heldTogether()
    }

    private func isWanted(_ a: Entry, _ b: Entry) -> Bool { baseline.map { $0 == a.name || $0 == b.name } ?? true }

    /// On the rounds that both finished.
    static func comparison(_ a: Entry, _ b: Entry) -> RatioComparison {
        let common = a.seconds.keys.filter { b.seconds[$0] != nil }.sorted()
        return RatioComparison(
            a.name,
            took: common.compactMap { a.seconds[$0] },
            and: b.name,
            took: common.compactMap { b.seconds[$0] }
        )
    }
}
