/// The files of a report: one HTML page that needs nothing else, Markdown, CSV, and the pictures apart.
struct ReportDocuments {
    private let chapters: [ReportChapter]
    private let name: String

    private static let title = "How long random patch time series take to load"
    private static let style = """
        body { font: 16px/1.5 sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
        table { border-collapse: collapse; margin: 1rem 0 } th, td { padding: .25rem .6rem; border-bottom: 1px solid #ddd; text-align: left }
        th { background: #f3f3f3 } .number { text-align: right; font-variant-numeric: tabular-nums } svg { max-width: 100%; height: auto }
        """

    init(_ chapters: [ReportChapter], name: String) {
        self.chapters = chapters
        self.name = name
    }

    /// Endings to add to the report's name, and texts.
    var files: [(ending: String, text: String)] {
        [(".html", html), (".md", markdown), (".csv", csv)]
            + chapters.enumerated().map { (Self.chartEnding($0), $1.durationChart.svg) }
    }

    private static func chartEnding(_ chapter: Int) -> String { "-durations-\(chapter + 1).svg" }

    private var csv: String {
        ReportTable(ReportChapter.sampleColumns, rows: chapters.flatMap(\.samples)).csv
    }

    private static func tables(_ chapter: ReportChapter) -> [(title: String, table: ReportTable)] {
        [
            ("Durations", chapter.durations), ("What a load costs", chapter.costs),
            ("Against the fastest, patch by patch", chapter.pairs), ("Staging to the node's disk", chapter.staging),
        ].filter { !$0.1.rows.isEmpty }
    }

    private var markdown: String {
        let texts = chapters.enumerated().map { number, chapter in
            let tables = Self.tables(chapter).map { "### \($0.title)\n\n\($0.table.markdown)\n" }.joined()
            let chart = "![\(chapter.durationChart.title)](\(name)\(Self.chartEnding(number)))\n\n"
            return "## \(markdownText(chapter.title))\n\n\(markdownText(chapter.finding))\n\n\(chart)\(tables)"
                + "\(markdownText(chapter.description))\n\n"
        }
        return "# \(Self.title)\n\n" + texts.joined()
    }

    private var html: String {
        let texts = chapters.map { chapter in
            let tables = Self.tables(chapter).map { "<h3>\(markupText($0.title))</h3>\n\($0.table.html)" }
            return "<h2>\(markupText(chapter.title))</h2>\n<p><strong>\(markupText(chapter.finding))</strong></p>\n"
                + chapter.durationChart.svg + tables.joined() + "<p>\(markupText(chapter.description))</p>\n"
        }
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<title>\(Self.title)</title>\n<style>\n\(Self.style)\n</style>\n</head>\n<body>\n"
            + "<h1>\(Self.title)</h1>\n" + texts.joined() + "</body>\n</html>\n"
    }
}
