import FoundationEssentials

/// The files of a report: one HTML page that needs nothing else, Markdown, CSV, JSON, and the pictures apart.
struct ReportDocuments {
    private let runs: [BenchmarkResults]
    private let chapters: [ReportChapter]
    private let comparison: RunComparison?
    private let name: String

    private static let title = "How long random patch time series take to load"

    /// Chapters of all runs, beside what others published; two runs are compared with one another.
    init(_ runs: [BenchmarkResults], published: PublishedTable? = nil, name: String) {
        self.runs = runs
        self.name = name
        comparison = runs.count == 2 ? RunComparison(runs[0], runs[1]) : nil
        let beside = published.map { PublishedChapter($0, beside: runs).chapter }
        chapters = runs.map { RunChapter($0).chapter } + [comparison?.chapter, beside].compactMap { $0 }
    }

    /// Endings to add to the report's name, and texts.
    var files: [(ending: String, text: String)] {
        let page = ReportPage(title: Self.title, chapters: chapters)
        let text = ReportText(title: Self.title, chapters: chapters) { name + Self.ending($0, chapter: $1) }
        let pictures = chapters.enumerated().flatMap { number, chapter in
            chapter.drawings.map { (Self.ending($0, chapter: number), $0.file) }
        }
        return [(".html", page.html), (".md", text.markdown), (".csv", csv), ("-report.json", json)] + pictures
    }

    private static func ending(_ drawing: Drawing, chapter: Int) -> String {
        // Names come from results files.
        let name = drawing.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return "-\(chapter + 1)-\(String(name)).svg"
    }

    private var csv: String {
        ReportTable(SampleLines.columns, rows: runs.flatMap { SampleLines(results: $0).rows }).csv
    }

    private var json: String {
        let summary = ReportSummary(runs: runs.map { ReportSummary.Run($0) }, between: comparison?.comparisons)
        return (try? String(decoding: BenchmarkResults.encoder().encode(summary), as: UTF8.self)) ?? "{}"
    }
}
