import Glibc

/// Simulated times of loads whose true ratios are known, with the kinds of noise that machines have.
enum NoiseModel: String, Sendable, CaseIterable {
    /// Factors of a normal distribution's exponential, all loads apart.
    case logNormal = "log-normal"
    /// Now and then one load takes far longer: logarithms of Student's t with three degrees of freedom.
    case heavyTailed = "heavy-tailed"
    /// The machine drifts: a load is as slow as the one before it, by half.
    case autocorrelated

    // Spread of one load's logarithm, as between rounds of real runs.
    private static let spread = 0.2
    private static let patchSpread = 0.3
    private static let correlation = 0.5

    /// Seconds of each contender by round; all load the same patch in an order that is drawn anew for each round.
    ///
    /// `factors` are the contenders' true times, one for each.
    func contest(rounds: Int, factors: [Double], random: inout RandomSource) -> Contest {
        var drift = 0.0
        var seconds = factors.map { _ in [Int: Double]() }
        for round in 1...rounds {
            // The same patch is as hard for all.
            let patch = Self.patchSpread * random.normal()
            for contender in random.shuffled(Array(factors.indices)) {
                let noise = Self.spread * noise(after: &drift, random: &random)
                seconds[contender][round] = factors[contender] * exp(patch + noise)
            }
        }
        return Contest(entries: seconds.enumerated().map { Contest.Entry(name: "source \($0)", seconds: $1) })
    }

    private func noise(after drift: inout Double, random: inout RandomSource) -> Double {
        switch self {
        case .logNormal: return random.normal()
        case .heavyTailed:
            let square = (0..<3).reduce(0.0) { sum, _ in
                let value = random.normal()
                return sum + value * value
            }
            return random.normal() / (square / 3).squareRoot()
        case .autocorrelated:
            drift = Self.correlation * drift + (1 - Self.correlation * Self.correlation).squareRoot() * random.normal()
            return drift
        }
    }
}

// Box and Muller, "A note on the generation of random normal deviates", 1958.
extension RandomSource {
    /// A number of the normal distribution of mean 0 and variance 1.
    mutating func normal() -> Double {
        // Never 0, of which there is no logarithm.
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return radius * cos(2 * .pi * uniform())
    }

    /// A number from 0 to below 1.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }
}
