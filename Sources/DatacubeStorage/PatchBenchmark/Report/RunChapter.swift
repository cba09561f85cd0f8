/// What a report says of one run: first what it answers, then why that may be believed.
struct RunChapter: Sendable {
    let results: BenchmarkResults

    init(_ results: BenchmarkResults) { self.results = results }

    /// Tile, year, state of the cache and time, which tell runs apart.
    var title: String {
        "\(results.tile) \(results.year), cache \(results.cache.rawValue), \(results.created.prefix(16).replacing("T", with: " "))"
    }

    var chapter: ReportChapter {
        ReportChapter(
            title: title,
            sections: [
                ReportSection("Answer", [.answer(AnswerBox(results))]),
                ReportSection("What to know before quoting", [.lines(doubts)]),
                ReportSection("Seconds a patch, format by storage", [.text(heatMapNote), .heatMap(HeatMap(results))]),
                ReportSection("When copying to the node's disk pays", [.charts(breakEvenCharts), .table(staging)]),
                ReportSection("Patches a second, by workers", [.charts(throughputCharts), .table(throughput)]),
                ReportSection("How busy loading keeps training", [.text(trainingNote), .table(training)]),
                ReportSection("How long loads took", [.charts(latencyCharts), .table(durations)]),
                ReportSection("All comparisons", [.text(comparisonNote), .table(comparisons)]),
                ReportSection("What a load costs", [.text("Means over the rounds that count."), .table(costs)]),
                ReportSection("Machine and software", [.table(environment)]),
            ]
        )
    }

    private var heatMapNote: String {
        let ceilings = results.ranking.contains { $0.source.ceiling != nil }
        return
            "Geometric mean of the rounds, the interval that holds the true one in 95 of 100 runs, and how many times the least it is"
            + (ceilings ? "; the ceiling is the same ranges read with nothing done with them." : ".")
    }

    private var comparisonNote: String {
        guard !results.comparisons.isEmpty else { return "" }
        return
            "Time of the second divided by time of the first, round by round; p is corrected for the number of comparisons (Holm)."
    }

    private var trainingNote: String {
        guard !results.training.isEmpty else { return "" }
        return "A consumer takes a patch, works on it for a fixed time, and takes the next; its share of time at work."
    }
}
