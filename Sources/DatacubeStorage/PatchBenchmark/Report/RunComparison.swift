import Glibc

/// Two runs compared source by source: what changed between them, and by how much.
///
/// Where both loaded the same patches, rounds are compared one by one, as within a run. Otherwise the means are, by Welch's
/// interval, and there is no verdict: other patches may be harder.
struct RunComparison: Sendable {
    let first: BenchmarkResults
    let second: BenchmarkResults

    init(_ first: BenchmarkResults, _ second: BenchmarkResults) { (self.first, self.second) = (first, second) }

    /// What keeps rounds from being compared one by one; empty where nothing does.
    var planDifferences: [String] {
        let patches = first.patches.elementsEqual(second.patches) { $0.x == $1.x && $0.y == $1.y }
        let pairs: [(String, Bool)] = [
            ("tile or year", first.tile == second.tile && first.year == second.year),
            ("seed", first.seed == second.seed), ("patch size", first.patchSize == second.patchSize),
            ("workers", first.workers == second.workers), ("patches", patches),
        ]
        return pairs.filter { !$0.1 }.map(\.0)
    }

    /// Whether both runs loaded the same patches in the same rounds.
    var isPaired: Bool { planDifferences.isEmpty }

    /// Each source that both runs have: the second run's time divided by the first's.
    var comparisons: [RatioComparison] {
        let comparisons = sources.map { name, a, b in
            isPaired ? Self.paired(name, a: a, b: b) : RatioComparison.unpaired(name, a: a, b: b)
        }
        return isPaired ? comparisons.heldTogether() : comparisons
    }

    private var sources: [(name: String, a: SourceResults, b: SourceResults)] {
        first.storages.flatMap { storage in
            first.formats.compactMap { format in
                guard let a = first.results[storage]?[format], let b = second.results[storage]?[format],
                    a.failures.isEmpty, b.failures.isEmpty, !a.durations.isEmpty, !b.durations.isEmpty
                else { return nil }
                return ("\(storage) \(format)", a, b)
            }
        }
    }

    private static func paired(_ name: String, a: SourceResults, b: SourceResults) -> RatioComparison {
        Contest.comparison(
            .init(name: "\(name), first", seconds: a.secondsByRound),
            .init(name: "\(name), second", seconds: b.secondsByRound)
        )
    }
}

extension RatioComparison {
    /// Compares means of rounds that have nothing to do with one another; there is no verdict.
    ///
    /// Welch, "The generalization of Student's problem when several different population variances are involved", 1947.
    static func unpaired(_ name: String, a: SourceResults, b: SourceResults) -> RatioComparison {
        let logarithms = [a, b].map { $0.secondsByRound.values.map { log($0) } }
        let statistics = logarithms.map { DurationStatistics($0) }
        let variances = statistics.map { $0.standardError * $0.standardError }
        let weights = zip(variances, statistics).map { $0 * $0 / Double(max($1.count - 1, 1)) }
        let sum = variances[0] + variances[1]
        let difference = statistics[1].mean - statistics[0].mean
        // Rounded down, which makes the interval wider.
        let freedom = sum > 0 ? Int(min(sum * sum / (weights[0] + weights[1]), 1e6)) : 1
        let distribution = StudentDistribution(degreesOfFreedom: max(freedom, 1))
        let isKnown = statistics.allSatisfy { $0.count > 1 } && sum.isFinite
        let width = isKnown ? distribution.value(passedWith: 1 - MeanEstimate.confidence) * sum.squareRoot() : .infinity
        return RatioComparison(
            "\(name), first",
            "\(name), second",
            rounds: min(statistics[0].count, statistics[1].count),
            ratio: exp(difference),
            interval: [exp(difference - width), exp(difference + width)]
        )
    }

    private init(_ a: String, _ b: String, rounds: Int, ratio: Double, interval: [Double]) {
        (self.a, self.b, self.rounds, self.ratio, self.interval) = (a, b, rounds, ratio, interval)
        (p, different) = (1, nil)
    }
}
