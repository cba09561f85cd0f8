// Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13: percentile intervals.

/// Two sources, compared patch by patch: the same patch is harder or easier for both, and that cancels out.
public struct PairedComparison: Codable, Sendable, Equatable {
    /// The source that is faster on average, such as `temp zarr`.
    public let faster: String
    /// The other one.
    public let slower: String
    /// Mean of slower minus faster, seconds a patch.
    public let meanDifference: Double
    /// Where 95 % of the means of resampled patches lie, seconds.
    public let interval: [Double]
    /// Median over the patches of slower divided by faster.
    public let medianRatio: Double

    enum CodingKeys: String, CodingKey {
        case faster, slower, interval
        case meanDifference = "mean_difference"
        case medianRatio = "median_ratio"
    }

    /// Whether chance alone hardly explains the difference.
    public var isClear: Bool { interval.allSatisfy { $0 > 0 } }

    // Enough that the interval's ends move by less than a hundredth of its length from seed to seed.
    private static let resamples = 10_000

    /// Compares durations of the same patches in the same order.
    init(faster: String, _ fast: [Double], slower: String, slow: [Double], seed: UInt64) {
        self.faster = faster
        self.slower = slower
        let differences = zip(slow, fast).map { $0 - $1 }
        meanDifference = DurationStatistics(differences).mean
        medianRatio = DurationStatistics(zip(slow, fast).map { $0 / $1 }).median
        var random = RandomSource(seed: seed)
        let means = (0..<Self.resamples).map { _ in
            var sum = 0.0
            for _ in differences { sum += differences[random.below(differences.count)] }
            return sum / Double(max(differences.count, 1))
        }
        let spread = DurationStatistics(means)
        interval = [spread.quantile(0.025), spread.quantile(0.975)]
    }
}
