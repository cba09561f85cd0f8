/// What a run answers, in the lines that a reader needs first.
public struct AnswerBox: Sendable {
    /// Whether the run may be quoted.
    public let isValid: Bool
    /// `VALID` or `DOUBTFUL`, with the reasons.
    public let validity: String
    /// Which sources are fastest, and what cannot be told apart from them.
    public let best: String
    /// One line for each format: whether copying it to the node's disk pays.
    public let staging: [String]
    /// One line for each storage and format whose tile-year does not fit, or one that says that all do.
    public let budget: [String]
    /// What the answer holds for.
    public let scope: String

    init(_ results: BenchmarkResults) {
        let reasons = results.validity.reasons
        isValid = reasons.isEmpty
        validity = reasons.isEmpty ? "VALID" : "DOUBTFUL: " + reasons.joined(separator: "; ")
        best = Ranking(results).sentence
        staging = results.breakEvens.map { $0.sentence(patchesPerEpoch: results.patchesPerEpoch) }
        budget = results.budgetLines
        scope = results.scope
    }

    /// The lines with their labels, as a terminal shows them.
    public var lines: [(label: String, text: String)] {
        [("run", validity), ("best", best)] + staging.map { ("stage", $0) } + budget.map { ("quota", $0) }
            + [("holds for", scope)]
    }

    /// A box of ruled lines for a terminal.
    public var text: String {
        let width = lines.map(\.label.count).max() ?? 0
        let rule = String(repeating: "─", count: 78)
        let body = lines.map { "  \($0.label.padded(to: width, isNumber: false))  \($0.text)\n" }
        return "\(rule)\n\(body.joined())\(rule)\n"
    }
}

extension BreakEven {
    func sentence(patchesPerEpoch: Double) -> String {
        switch answer {
        case .pays(let patches, let interval):
            let bounds = "\(interval.lowerBound.significant(3)) to \(interval.upperBound.significant(3))"
            let epochs = (patches / patchesPerEpoch).significant(3)
            return "\(format): yes, pays after \(patches.significant(3)) patches (\(bounds)), \(epochs) epochs"
        case .never: return "\(format): no, loads from the node's disk are not faster"
        case .unknown(let reason): return "\(format): cannot tell, \(reason)"
        }
    }
}

extension BenchmarkResults {
    /// What the answer holds for.
    fileprivate var scope: String {
        let data = isSynthetic ? "synthetic data" : "real data"
        let state = cache == .uncontrolled ? "cache as it was" : "cache \(cache.rawValue)"
        let load = "\(products.count) dates, patches of \(patchSize) m, \(workers) worker\(workers == 1 ? "" : "s")"
        return "\(tile) \(year), \(load), \(state), \(reader) \(version), \(data)"
    }

    fileprivate var budgetLines: [String] {
        let known = budgets.compactMap { budget in
            budget.quota.flatMap { $0.tileYears(of: budget.takes) }.map { (budget, $0) }
        }
        let tight = known.filter { $0.1 < 1 }.map { budget, _ in
            "\(budget.storage) \(budget.format): does not fit, \(budget.takes.files) files, "
                + formatBytes(budget.takes.bytes)
        }
        if known.isEmpty { return budgets.isEmpty ? [] : ["not known; the site file names none"] }
        let least = known.min { $0.1 < $1.1 }
        let room = least.map { "all fit; the tightest is \($0.0.storage) \($0.0.format), with room for \($0.1) in all" }
        return tight.isEmpty ? room.map { [$0] } ?? [] : tight
    }
}
