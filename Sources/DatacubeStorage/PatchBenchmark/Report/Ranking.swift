/// The sources that finished all their loads, fastest first, and those that cannot be told from the fastest.
struct Ranking {
    private let results: BenchmarkResults
    /// Sources with their geometric means, fastest first.
    let finished: [(name: String, source: SourceResults)]
    /// Names of sources with failures, which have no rank.
    let failed: [String]

    init(_ results: BenchmarkResults) {
        self.results = results
        // Two storages of one device are one.
        let doubles = results.sharedStorages.dropFirst().map { $0 + " " }
        finished = results.ranking.filter { name, source in
            source.failures.isEmpty && !source.durations.isEmpty && !doubles.contains { name.hasPrefix($0) }
        }
        failed = results.ranking.filter { !$0.source.failures.isEmpty || $0.source.durations.isEmpty }.map(\.name)
    }

    /// The fastest and all that are not distinguishable from it; empty where nothing can be judged, or others were not
    /// compared with the fastest but with a baseline.
    var bestGroup: [String] {
        guard let first = finished.first, isJudged, results.baseline == nil else { return [] }
        return [first.name] + finished.dropFirst().map(\.name).filter { verdict(first.name, $0) != true }
    }

    /// Whether two sources differ; nil where nobody can say.
    func verdict(_ one: String, _ other: String) -> Bool? { comparison(one, other)?.different }

    func comparison(_ one: String, _ other: String) -> RatioComparison? {
        results.comparisons.first { $0.a == one && $0.b == other || $0.a == other && $0.b == one }
    }

    /// The answer in one sentence.
    var sentence: String {
        let left =
            failed.isEmpty ? "" : "; without rank, as loads failed or do not count: \(failed.joined(separator: ", "))"
        return lead + left
    }

    private var lead: String {
        guard let first = finished.first, let mean = first.source.geometricMean else { return "no source finished" }
        let time = "\(formatSeconds(mean)) a patch"
        guard finished.count > 1 else { return "\(first.name), \(time); there was nothing to compare it with" }
        guard isJudged else { return "no verdict; \(first.name) took least, \(time)" }
        if let baseline = results.baseline { return against(baseline) }
        let group = bestGroup
        guard group.count == 1 else {
            return "\(group.joined(separator: ", ")) are not distinguishable; the least is \(time)"
        }
        let next = finished[1].name
        return "\(first.name), \(time), \(factor(first.name, next)) times as fast as \(next)"
    }

    private func against(_ baseline: String) -> String {
        let words = finished.map(\.name).filter { $0 != baseline }.map { name in
            guard verdict(baseline, name) == true else { return "\(name) is not distinguishable" }
            return "\(name) is \(factor(name, baseline)) times as fast"
        }
        return "compared with \(baseline): " + words.joined(separator: ", ")
    }

    private var isJudged: Bool {
        results.permitsVerdicts && results.comparisons.contains { $0.different != nil }
    }

    /// How many times as fast one source is as another, with its interval.
    private func factor(_ fast: String, _ slow: String) -> String {
        guard let comparison = comparison(fast, slow), comparison.interval.count == 2 else { return "?" }
        let isTurned = comparison.a == slow
        let ratio = isTurned ? 1 / comparison.ratio : comparison.ratio
        let ends = comparison.interval.map { isTurned ? 1 / $0 : $0 }.sorted()
        return "\(ratio.significant(3)) (\(ends[0].significant(3)) to \(ends[1].significant(3)))"
    }
}
