/// When a run has measured enough; never because two sources differ, which would find differences where there are none.
public struct StopRule: Sendable, Equatable {
    /// Rounds that count; with another rule, the most that are measured, nil for as many as it takes.
    public var rounds: Int?
    /// Seconds after which no further round begins that would end later.
    public var seconds: Double?
    /// Half the width of each interval of a ratio, as a share of it, that is narrow enough.
    public var precision: Double?

    /// The reference's number of rounds.
    public static let usualRounds = 10
    /// Intervals of fewer rounds hang on luck too much to stop by them.
    static let fewestForPrecision = 10
    // More than any budget allows, and few enough to draw beforehand.
    private static let mostRounds = 1000

    /// Creates a rule.
    public init(rounds: Int? = nil, seconds: Double? = nil, precision: Double? = nil) {
        self.rounds = rounds
        self.seconds = seconds
        self.precision = precision
    }

    /// Rounds to draw patches for.
    var most: Int { rounds ?? (seconds == nil && precision == nil ? Self.usualRounds : Self.mostRounds) }

    /// The rule in words.
    var description: String {
        let parts = [
            seconds.map { "for \(formatSeconds($0)) at most" },
            precision.map { "until ratios are known to \(($0 * 100).significant(2)) %" },
            rounds.map { "\($0) rounds" },
        ].compactMap { $0 }
        return parts.isEmpty ? "\(Self.usualRounds) rounds" : parts.joined(separator: ", ")
    }

    /// Why to stop after a round, or nil.
    ///
    /// - Parameters:
    ///   - done: Rounds that count so far.
    ///   - elapsed: Seconds since the run began.
    ///   - widths: Half the widths of the intervals so far, as shares.
    /// - Returns: `rounds`, `time_budget` or `precision`.
    func reason(afterRounds done: Int, elapsed: Double, widths: @autoclosure () -> [Double]) -> String? {
        if done >= most { return "rounds" }
        if let seconds, elapsed + elapsed / Double(done + 1) > seconds { return "time_budget" }
        guard let precision, done >= Self.fewestForPrecision, widths().allSatisfy({ $0 <= precision }) else {
            return nil
        }
        return "precision"
    }
}
