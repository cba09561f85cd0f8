/// What was measured of one contender.
struct SourceMeasurement: Sendable {
    var warmUp: [Double] = []
    var samples: [Sample] = []
    var failures: [String] = []
    /// Seconds of each round's ceiling.
    var ceilings: [Int: Double] = [:]

    /// Samples whose state is as it was asked for.
    var counted: [Sample] { samples.filter { $0.excluded == nil } }

    /// The round's value is the geometric mean of its durations: loads of one round share the machine's state.
    func entry(_ name: String) -> Contest.Entry {
        Contest.Entry(
            name: name,
            seconds: Dictionary(counted.map { ($0.round, $0.roundSeconds) }) { first, _ in first }
        )
    }
}
