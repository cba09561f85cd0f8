import Glibc

// Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979.

/// Two contenders compared round by round: what makes a patch hard is hard for both, and cancels out.
public struct RatioComparison: Codable, Sendable, Equatable {
    /// One contender, such as `network zarr`.
    public let a: String
    /// The other.
    public let b: String
    /// Rounds that both finished.
    public let rounds: Int
    /// Geometric mean of the rounds' ratios of time, b divided by a.
    public let ratio: Double
    /// Where the true ratio lies in 95 of 100 runs, by a t interval on the logarithms; infinite ends where one round tells
    /// nothing of the spread.
    public let interval: [Double]
    /// How often chance alone brings a ratio so far from 1, corrected by Holm for all comparisons of the run.
    public internal(set) var p: Double
    /// Whether the two differ; nil where there are too few rounds to say.
    public internal(set) var different: Bool?

    /// Fewer rounds than these tell nothing: the interval's ends then hang on one round.
    public static let fewestRounds = 5
    /// The share of runs with equal contenders in which one is called different.
    public static let level = 0.05

    /// Compares times of the same rounds in the same order, as if there were no other comparisons.
    init(_ a: String, took first: [Double], and b: String, took second: [Double]) {
        let logarithms = MeanEstimate(zip(first, second).map { log($1 / $0) })
        let mean = GeometricMean(logarithms)
        (self.a, self.b, rounds) = (a, b, logarithms.count)
        (ratio, interval) = (mean.mean, [mean.low, mean.high])
        p = logarithms.probability
        different = rounds < Self.fewestRounds ? nil : p <= Self.level
    }
}

extension [RatioComparison] {
    /// The comparisons judged together, so that one false verdict among all of them has the level, and not each.
    ///
    /// Comparisons with too few rounds have no verdict and cost the others nothing.
    func heldTogether() -> [RatioComparison] {
        var comparisons = self
        let judged = indices.filter { self[$0].different != nil }.sorted { self[$0].p < self[$1].p }
        var largest = 0.0
        for (rank, index) in judged.enumerated() {
            largest = Swift.max(largest, Swift.min(1, self[index].p * Double(judged.count - rank)))
            comparisons[index].p = largest
            comparisons[index].different = largest <= RatioComparison.level
        }
        return comparisons
    }
}
