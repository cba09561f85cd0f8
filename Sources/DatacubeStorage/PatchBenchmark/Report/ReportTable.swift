/// A table that can be written in several notations.
public struct ReportTable: Sendable {
    let columns: [String]
    let rows: [[String]]
    /// Columns of words, which stand left; the others hold numbers.
    let wordColumns: Set<Int>

    init(_ columns: [String], rows: [[String]], wordColumns: Set<Int> = [0]) {
        self.columns = columns
        self.rows = rows
        self.wordColumns = wordColumns
    }

    /// A table of GitHub's Markdown, its columns aligned for the terminal.
    public var markdown: String {
        let widths = columns.indices.map { column in
            ([columns] + rows.map { $0.map(markdownText) }).map { $0[column].count }.max() ?? 0
        }
        let rule = columns.indices.map { column in
            let dashes = String(repeating: "-", count: max(widths[column] - 1, 2))
            return wordColumns.contains(column) ? ":" + dashes : dashes + ":"
        }
        let safeRows = rows.map { row in row.map(markdownText) }
        return ([columns, rule] + safeRows).map { row in
            "| "
                + row.indices.map { row[$0].padded(to: widths[$0], isNumber: !wordColumns.contains($0)) }.joined(
                    separator: " | "
                ) + " |\n"
        }
        .joined()
    }

    /// An HTML `table` element, in a box of its own that scrolls where the table is wider than the page.
    var html: String {
        let head = columns.indices.map { cell(columns[$0], column: $0, isHead: true) }.joined()
        let body = rows.map { row in
            "<tr>" + row.indices.map { cell(row[$0], column: $0, isHead: false) }.joined() + "</tr>\n"
        }
        // A hundred rows would hide what comes after them.
        let kind = rows.count > 24 ? "scroll tall" : "scroll"
        return
            "<div class=\"\(kind)\" tabindex=\"0\"><table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(body.joined())"
            + "</tbody>\n</table></div>\n"
    }

    private func cell(_ text: String, column: Int, isHead: Bool) -> String {
        let kind = wordColumns.contains(column) ? "" : " class=\"number\""
        let text = markupText(text)
        return isHead ? "<th scope=\"col\"\(kind)>\(text)</th>" : "<td\(kind)>\(text)</td>"
    }

    /// Lines of comma-separated values, RFC 4180.
    var csv: String {
        ([columns] + rows).map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    private func quoted(_ text: String) -> String {
        // Spreadsheets take what begins so for a formula, unless it is a number.
        let text = "=+-@".contains(text.first ?? " ") && Double(text) == nil ? "'" + text : text
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}

/// Text as it may stand in Markdown, in a table too.
func markdownText(_ text: String) -> String {
    PrintableText.line(text).replacing("|", with: "\\|").replacing("<", with: "&lt;")
}

/// Text as it may stand in HTML and SVG.
func markupText(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;")
}
