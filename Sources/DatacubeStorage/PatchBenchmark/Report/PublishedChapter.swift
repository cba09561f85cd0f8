/// Figures of others beside those of our runs, source by source.
struct PublishedChapter: Sendable {
    private let table: PublishedTable
    private let runs: [BenchmarkResults]

    init(_ table: PublishedTable, beside runs: [BenchmarkResults]) { (self.table, self.runs) = (table, runs) }

    var chapter: ReportChapter {
        ReportChapter(
            title: "Beside what \(table.publisher) published",
            sections: [
                ReportSection("Whose figures these are", [.lines(words)]),
                ReportSection(
                    "Seconds a patch",
                    [.charts(chart.rows.isEmpty ? [] : [chart.drawing]), .table(figures)]
                ),
            ]
        )
    }

    private var theirs: String { "published by \(table.publisher), their machine, their reader" }

    private var words: [String] {
        let correction =
            switch table.standardErrors {
            case .dividedByCount?: "their standard errors were std / n; here they are multiplied by √n"
            case .dividedByRoot?: "their standard errors are std / √n"
            case nil: "no standard errors were published"
            }
        return [
            "marked \"published\": \(table.what), \(table.source), \(table.snapshot)", correction,
            "other machines, disks, dates and readers: the figures say how far apart the two are, and not why",
            "arithmetic means, as theirs are",
        ]
    }

    /// A figure, whoever has it.
    private struct Figure {
        let storage, format, place: String
        let mean: Double
        let error: Double?
        let isOurs: Bool

        var source: String { "\(storage) \(format)" }
    }

    private var all: [Figure] {
        let published = table.rows.map { row in
            Figure(
                storage: row.storage,
                format: row.format,
                place: [row.place, row.variant].compactMap { $0 }.joined(separator: ", "),
                mean: row.meanSeconds,
                error: table.standardError(of: row),
                isOurs: false
            )
        }
        return ours + published
    }

    private var ours: [Figure] {
        runs.flatMap { run in
            run.ranking.filter { !$0.source.durations.isEmpty }.map { name, source in
                let words = name.split(separator: " ", maxSplits: 1).map(String.init)
                return Figure(
                    storage: words.first ?? "",
                    format: words.last ?? "",
                    place: "\(run.environment.host), \(RunChapter(run).title)",
                    mean: source.mean,
                    error: source.standardError.isFinite ? source.standardError : nil,
                    isOurs: true
                )
            }
        }
    }

    /// By source, those of ours first.
    private var sources: [(name: String, figures: [Figure])] {
        let figures = all
        let known = ["network", "s3", "temp"].flatMap { storage in
            ["safe", "safe_no_index", "cog", "zarr", "shardzarr", "zipzarr"].map { "\(storage) \($0)" }
        }
        let names = Set(figures.map(\.source))
        let order = known.filter(names.contains) + names.subtracting(known).sorted()
        return order.map { name in (name, figures.filter { $0.source == name }) }
    }

    private var chart: RowChart {
        let rows = sources.filter { $0.figures.contains { $0.mean > 0 } }.map { name, figures in
            (name: name, values: figures.filter { $0.mean > 0 }.map(Self.value))
        }
        return RowChart(
            name: "published",
            title: "Mean seconds a patch, ours and theirs; bars are one standard error to either side",
            axis: ChartAxis("seconds a patch (logarithmic)", around: rows.flatMap { $0.values.map(\.value) }),
            groups: ["ours", theirs],
            rows: rows
        )
    }

    private static func value(_ figure: Figure) -> RowChart.Value {
        let interval = figure.error.flatMap { $0 > 0 && $0.isFinite ? (figure.mean - $0)...(figure.mean + $0) : nil }
        // Their marker is another shape, not only another colour.
        return RowChart.Value(value: figure.mean, interval: interval, group: figure.isOurs ? 0 : 1)
    }

    private var figures: ReportTable {
        let rows = sources.flatMap { name, figures in
            figures.map { figure in
                [
                    name, figure.isOurs ? "ours" : "published", figure.place, figure.mean.significant(3),
                    figure.error.map { $0.significant(3) } ?? "",
                ]
            }
        }
        return ReportTable(["source", "whose", "where", "mean s", "± stderr"], rows: rows, wordColumns: [0, 1, 2])
    }
}
