extension RunComparison {
    /// What a report says of two runs.
    var chapter: ReportChapter {
        ReportChapter(
            title: "The second run against the first",
            sections: [
                ReportSection("Answer", [.lines([finding] + warnings)]),
                ReportSection("Source by source", [.text(note), .table(table)]),
                ReportSection("What differs between the runs", [.table(differences)]),
            ]
        )
    }

    private var finding: String {
        guard !comparisons.isEmpty else { return "No source finished in both runs." }
        guard isPaired else {
            return "The plans differ, so there is no verdict; the ratios below mix runs and patches."
        }
        guard comparisons.contains(where: { $0.different != nil }) else {
            return "No verdict below \(RatioComparison.fewestRounds) rounds."
        }
        let clear = comparisons.filter { $0.different == true }
        let slower = clear.count { $0.ratio > 1 }
        guard !clear.isEmpty else { return "No source is distinguishable between the runs." }
        return
            "Of \(comparisons.count) sources, \(slower) are slower in the second run, \(clear.count - slower) faster, "
            + "and \(comparisons.count - clear.count) not distinguishable."
    }

    private var warnings: [String] {
        let doubtful = [first, second].enumerated().filter { $0.element.validity.verdict == .doubtful }
        let words = ["first", "second"]
        return (isPaired ? [] : ["the plans differ in \(planDifferences.joined(separator: ", "))"])
            + (first.cache == second.cache ? [] : ["the state of the cache differs"])
            + (first.products == second.products ? [] : ["the dates differ, and with them what a patch is"])
            + doubtful.map { "the \(words[$0.offset]) run is doubtful" }
    }

    private var note: String {
        isPaired
            ? "Time of the second run divided by time of the first, round by round on the same patches; p is corrected for all (Holm)."
            : "Geometric mean of the second run divided by that of the first, with Welch's interval."
    }

    private var table: ReportTable {
        let rows = comparisons.map { comparison in
            let name = comparison.a.replacing(", first", with: "")
            return [
                name, String(comparison.rounds), comparison.ratio.significant(3), comparison.interval.rangeText,
                comparison.different == nil ? "" : comparison.chanceText, verdict(comparison),
            ]
        }
        let columns = ["source", "rounds", "second / first", "95 % interval", "p", "verdict"]
        return ReportTable(columns, rows: rows, wordColumns: [0, 5])
    }

    private func verdict(_ comparison: RatioComparison) -> String {
        guard isPaired else { return "plans differ" }
        return switch comparison.different {
        case nil: "too few rounds"
        case false?: "not distinguishable"
        case true?: comparison.ratio > 1 ? "the second is slower" : "the second is faster"
        }
    }

    /// What the runs were made with, as far as it is not the same.
    private var differences: ReportTable {
        let pairs = zip(Self.descriptions(first), Self.descriptions(second))
        let rows = pairs.filter { $0.value != $1.value }.map { [$0.name, $0.value, $1.value] }
        return ReportTable(["what", "first", "second"], rows: rows, wordColumns: [0, 1, 2])
    }

    private static func descriptions(_ run: BenchmarkResults) -> [(name: String, value: String)] {
        let machine = run.environment
        let libraries = machine.libraries?.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
            ("begun", run.created), ("reader", "\(run.reader) \(run.version)"), ("tile", "\(run.tile) \(run.year)"),
            ("cache", run.cache.rawValue), ("seed", String(run.seed)), ("rounds", String(run.repeats)),
            ("patch size", "\(run.patchSize) m"), ("dates", String(run.products.count)),
            ("workers", "\(run.workers) with \(run.threads) threads each"), ("host", machine.host),
            ("processor", "\(machine.processor), \(machine.processors) granted"),
            ("memory", formatBytes(machine.memory)),
            ("system", machine.system), ("libraries", libraries?.joined(separator: ", ") ?? "not recorded"),
            ("file systems", Set(machine.fileSystems.values).sorted().joined(separator: ", ")),
        ]
    }
}
