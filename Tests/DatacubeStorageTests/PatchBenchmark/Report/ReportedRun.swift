@testable import DatacubeStorage

/// Runs with figures that a test chooses, as a results file has them.
enum ReportedRun {
    /// A run whose sources took these seconds in its rounds, by names such as `network zarr`.
    static func results(
        _ seconds: [String: [Double]],
        failures: [String: [String]] = [:],
        excluded: [Int: String] = [:],
        doubts: [String] = []
    ) -> BenchmarkResults {
        var sources: [String: [String: SourceResults]] = [:]
        for (name, seconds) in seconds {
            let words = name.split(separator: " ", maxSplits: 1).map(String.init)
            let samples = seconds.enumerated().map { sample($0 + 1, seconds: $1, excluded: excluded[$0 + 1]) }
            sources[words[0], default: [:]][words[1]] = SourceResults(
                shapes: ["60m": [1, 3, 85, 85]],
                samples: samples,
                warmUp: [1],
                failures: failures[name] ?? []
            )
        }
        var results = empty(rounds: seconds.values.map(\.count).max() ?? 0, doubts: doubts)
        results.results = sources
        let finished = results.ranking.filter { $0.source.failures.isEmpty && !$0.source.durations.isEmpty }
        results.comparisons =
            Contest(entries: finished.map { .init(name: $0.name, seconds: $0.source.secondsByRound) }).comparisons
        return results
    }

    private static func sample(_ round: Int, seconds: Double, excluded: String?) -> Sample {
        Sample(
            round: round,
            durations: [seconds],
            wallClock: seconds,
            files: 3,
            residentBefore: 0,
            bytesRead: 1 << 20,
            opens: 3,
            excluded: excluded
        )
    }

    private static func empty(rounds: Int, doubts: [String]) -> BenchmarkResults {
        BenchmarkResults(
            version: "1",
            reader: "patch-bench",
            created: "2024-06-11T09:50:31.000Z",
            tile: "35VLH",
            year: 2024,
            seed: 42,
            repeats: rounds,
            patchSize: 5100,
            area: [300_000, 6_800_040, 409_800, 6_690_240],
            cache: .cold,
            workers: 1,
            threads: 2,
            products: ["p"],
            isSynthetic: true,
            patches: (0..<rounds).map { PatchRecord(x: $0 * 60, y: 0, checksums: [:]) },
            environment: .current(folders: ["/"]),
            results: [:],
            comparisons: [],
            sharedStorages: [],
            validity: RunValidity(reasons: doubts, warnings: ["cold on this node only"]),
            stop: RunEnd(rule: "rounds", rounds: rounds, seconds: 1),
            throughput: [],
            training: [],
            budgets: []
        )
    }

    /// Times around a mean that differ from round to round, and in the same way for all sources.
    static func around(_ mean: Double, rounds: Int = 8, offset: Int = 0) -> [Double] {
        (0..<rounds).map { mean * (1 + 0.02 * Double($0 % 3) + 0.003 * Double(($0 * 5 + offset) % 7)) }
    }
}
