/// A report as Markdown, with its pictures beside it.
struct ReportText {
    let title: String
    let chapters: [ReportChapter]
    /// Name of the picture's file, by chapter.
    let fileName: (Drawing, Int) -> String

    var markdown: String {
        "# \(markdownText(title))\n\n" + chapters.enumerated().map { text($1, number: $0) }.joined()
    }

    private func text(_ chapter: ReportChapter, number: Int) -> String {
        let sections = chapter.sections.map { section in
            "### \(markdownText(section.title))\n\n" + section.parts.map { text($0, chapter: number) + "\n" }.joined()
        }
        return "## \(markdownText(chapter.title))\n\n" + sections.joined()
    }

    private func text(_ part: ReportPart, chapter: Int) -> String {
        switch part {
        case .answer(let answer):
            answer.lines.map { "- **\($0.label)**: \(markdownText($0.text))\n" }.joined()
        case .text(let text): markdownText(text) + "\n"
        case .lines(let lines): lines.map { "- \(markdownText($0))\n" }.joined()
        case .heatMap(let map): map.table.markdown
        case .table(let table): table.markdown
        case .charts(let drawings):
            drawings.map { "![\(markdownText($0.title))](\(fileName($0, chapter)))\n" }.joined()
        }
    }
}
