import Glibc

/// A mean with the interval that holds the true one in 95 of 100 runs, by Student's t distribution.
struct MeanEstimate: Sendable, Equatable {
    let count: Int
    let mean: Double
    /// Half the interval's width; infinite for a single value, which says nothing of its spread.
    let margin: Double
    /// How often chance alone brings the mean so far from 0; 1 for a single value.
    let probability: Double

    static let confidence = 0.95

    init(_ values: [Double]) {
        let statistics = DurationStatistics(values)
        count = values.count
        mean = statistics.mean
        guard values.count > 1 else {
            (margin, probability) = (.infinity, 1)
            return
        }
        let distribution = StudentDistribution(degreesOfFreedom: values.count - 1)
        let error = statistics.standardError
        margin = error * distribution.value(passedWith: 1 - Self.confidence)
        // Values without any spread leave no doubt, or nothing to doubt.
        probability = error > 0 ? distribution.probability(beyond: mean / error) : mean == 0 ? 1 : 0
    }

    var interval: ClosedRange<Double> { (mean - margin)...(mean + margin) }
}

/// A geometric mean of positive values, with its interval: the mean of their logarithms.
struct GeometricMean: Sendable, Equatable {
    let mean: Double
    let low: Double
    let high: Double

    init(_ values: [Double]) { self.init(MeanEstimate(values.map { log($0) })) }

    /// Of logarithms that were averaged.
    init(_ logarithms: MeanEstimate) {
        mean = exp(logarithms.mean)
        low = exp(logarithms.mean - logarithms.margin)
        high = exp(logarithms.mean + logarithms.margin)
    }

    /// Half the interval's width as a share of the mean, such as 0.05.
    var relativeMargin: Double { high / mean - 1 }
}
