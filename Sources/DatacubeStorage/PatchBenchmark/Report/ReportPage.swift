/// A report as one HTML page that needs nothing else.
struct ReportPage {
    let title: String
    let chapters: [ReportChapter]

    var html: String {
        let texts = chapters.enumerated().map { Self.html($1, number: $0 + 1) }
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            // Without it browsers ask the server for an icon.
            + "<link rel=\"icon\" href=\"data:,\">\n"
            + "<title>\(markupText(title))</title>\n<style>\n\(PageStyle.sheet)\n</style>\n</head>\n<body>\n<main>\n"
            + "<h1>\(markupText(title))</h1>\n\(contents)\(texts.joined())</main>\n</body>\n</html>\n"
    }

    private var contents: String {
        guard chapters.count > 1 else { return "" }
        let items = chapters.enumerated().map {
            "<li><a href=\"#chapter-\($0 + 1)\">\(markupText($1.title))</a></li>\n"
        }
        return "<nav><ol>\n\(items.joined())</ol></nav>\n"
    }

    private static func html(_ chapter: ReportChapter, number: Int) -> String {
        let sections = chapter.sections.map { section in
            "<h3>\(markupText(section.title))</h3>\n" + section.parts.map(html).joined()
        }
        return
            "<section id=\"chapter-\(number)\">\n<h2>\(markupText(chapter.title))</h2>\n\(sections.joined())</section>\n"
    }

    private static func html(_ part: ReportPart) -> String {
        switch part {
        case .answer(let answer): html(answer)
        case .text(let text): "<p class=\"note\">\(markupText(text))</p>\n"
        case .lines(let lines): "<ul>\n\(lines.map { "<li>\(markupText($0))</li>\n" }.joined())</ul>\n"
        case .heatMap(let map): map.html
        case .table(let table): table.html
        case .charts(let drawings): "<div class=\"charts\">\n\(drawings.map(\.figure).joined())</div>\n"
        }
    }

    private static func html(_ answer: AnswerBox) -> String {
        let lines = answer.lines.enumerated().map { number, line in
            "<dt>\(markupText(line.label))</dt><dd\(number == 0 ? " class=\"verdict\"" : "")>\(markupText(line.text))</dd>\n"
        }
        return "<div class=\"answer\(answer.isValid ? "" : " doubtful")\"><dl>\n\(lines.joined())</dl></div>\n"
    }
}
