import Glibc

// NIST Digital Library of Mathematical Functions: 8.17.5 (relation to Student's t), 8.17.22 (continued fraction).

/// Student's t distribution, which says how far a mean of few values may be from the true one.
struct StudentDistribution: Sendable, Equatable {
    /// One less than the number of values.
    let degreesOfFreedom: Int

    /// How often a value is at least so far from 0, to either side.
    func probability(beyond t: Double) -> Double {
        guard t.isFinite else { return t.isNaN ? .nan : 0 }
        let freedom = Double(degreesOfFreedom)
        return Self.incompleteBeta(freedom / 2, 0.5, at: freedom / (freedom + t * t))
    }

    /// The value that is passed, to either side, with a probability.
    ///
    /// The probability falls as the value grows, so that halving finds it; 64 halvings reach the next number.
    func value(passedWith probability: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while self.probability(beyond: high) > probability { high *= 2 }
        for _ in 0..<64 {
            let middle = (low + high) / 2
            if self.probability(beyond: middle) > probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularized incomplete beta function.
    private static func incompleteBeta(_ a: Double, _ b: Double, at x: Double) -> Double {
        guard x > 0, x < 1 else { return x <= 0 ? 0 : 1 }
        // The fraction converges fast on this side of the distribution's middle.
        guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(b, a, at: 1 - x) }
        let front = exp(a * log(x) + b * log1p(-x) + lgamma(a + b) - lgamma(a) - lgamma(b)) / a
        return front * betaFraction(a, b, at: x)
    }

    /// The continued fraction by the method of Lentz and Thompson: the value of the fraction cut off after each term.
    private static func betaFraction(_ a: Double, _ b: Double, at x: Double) -> Double {
        func nonzero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
        var numerator = 1.0
        var denominator = 1 / nonzero(1 - (a + b) * x / (a + 1))
        var value = denominator
        for term in 1...500 {
            let m = Double(term)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            for coefficient in [even, odd] {
                denominator = 1 / nonzero(1 + coefficient * denominator)
                numerator = nonzero(1 + coefficient / numerator)
                value *= denominator * numerator
            }
            if abs(denominator * numerator - 1) < 1e-15 { break }
        }
        return value
    }
}
