/// How often the verdicts of this package are wrong, found by simulating runs of which the truth is known.
public struct Calibration: Sendable {
    /// One row of the table.
    public struct Row: Sendable {
        /// Kind of noise.
        public let noise: String
        /// Contenders.
        public let contenders: Int
        /// Rounds of each run.
        public let rounds: Int
        /// Share of runs with equal contenders in which at least one pair was called different.
        public let falseClaims: Double
        /// Share of intervals of one ratio that held the true one.
        public let coverage: Double
        /// Share of runs in which a contender that takes 1.3 times as long was told from the first.
        public let power: Double
    }

    private let runs: Int
    private let seed: UInt64

    /// The slowdown whose discovery is counted.
    public static let slowdown = 1.3

    /// Simulates so many runs for each row.
    public init(runs: Int, seed: UInt64 = 42) {
        self.runs = runs
        self.seed = seed
    }

    /// All kinds of noise, two and six contenders, 5 to 50 rounds.
    public func rows() -> [Row] {
        NoiseModel.allCases.flatMap { noise in
            [2, 6].flatMap { contenders in
                [5, 10, 20, 50].map { row(noise, contenders: contenders, rounds: $0) }
            }
        }
    }

    func row(_ noise: NoiseModel, contenders: Int, rounds: Int) -> Row {
        var random = RandomSource(seed: seed)
        let equal = [Double](repeating: 1, count: contenders)
        let slowed = equal.dropLast() + [Self.slowdown]
        var (claims, held, found) = (0, 0, 0)
        for _ in 0..<runs {
            let comparisons = noise.contest(rounds: rounds, factors: equal, random: &random).comparisons
            claims += comparisons.contains { $0.different == true } ? 1 : 0
            held += comparisons[0].interval[0] <= 1 && 1 <= comparisons[0].interval[1] ? 1 : 0
            let truth = noise.contest(rounds: rounds, factors: Array(slowed), random: &random).comparisons
            found += truth[contenders - 2].different == true ? 1 : 0
        }
        return Row(
            noise: noise.rawValue,
            contenders: contenders,
            rounds: rounds,
            falseClaims: share(claims),
            coverage: share(held),
            power: share(found)
        )
    }

    private func share(_ count: Int) -> Double { Double(count) / Double(max(runs, 1)) }
}
