/// What a list of durations comes to, in seconds.
struct DurationStatistics: Sendable, Equatable {
    let count: Int
    let total: Double
    let mean: Double
    /// Sample standard deviation, with n − 1; 0 for a single value.
    let deviation: Double
    private let sorted: [Double]

    init(_ durations: [Double]) {
        count = durations.count
        total = durations.reduce(0, +)
        mean = count > 0 ? total / Double(count) : .nan
        let mean = mean
        let squares = durations.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = count > 1 ? (squares / Double(count - 1)).squareRoot() : 0
        sorted = durations.sorted()
    }

    /// Standard error of the mean.
    var standardError: Double { count > 0 ? deviation / Double(count).squareRoot() : .nan }
    var median: Double { quantile(0.5) }

    /// The value below which a share of the durations lies, between two of them by straight line, as numpy does.
    func quantile(_ share: Double) -> Double {
        guard let last = sorted.indices.last else { return .nan }
        let position = share * Double(last)
        let low = min(Int(position), last)
        let high = min(low + 1, last)
        return sorted[low] + (sorted[high] - sorted[low]) * (position - Double(low))
    }
}
