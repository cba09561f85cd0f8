import Glibc

/// A table of formats by storages, each cell a time, shaded by how many times the least it is.
struct HeatMap: Sendable {
    /// One format on one storage.
    struct Cell: Sendable {
        /// Lines of text, the time first.
        let lines: [String]
        /// From 0, the fastest, to 4; nil where there is no time.
        let shade: Int?
    }

    let columns: [String]
    let rows: [(name: String, cells: [Cell])]

    init(_ results: BenchmarkResults) {
        let storages = results.storages
        let least = Ranking(results).finished.first?.source.geometricMean
        columns = storages
        rows = results.formats.map { format in
            (format, storages.map { Self.cell(results.results[$0]?[format], least: least) })
        }
    }

    private static func cell(_ source: SourceResults?, least: Double?) -> Cell {
        guard let source else { return Cell(lines: ["not measured"], shade: nil) }
        guard let mean = source.geometricMean, !source.durations.isEmpty else {
            return Cell(lines: [source.failures.isEmpty ? "no load counts" : "failed"], shade: nil)
        }
        let interval = source.interval.map { "\($0.rangeText) s" }
        let ceiling = source.ceiling.map { "\(($0.share * 100).fixed(0)) % of ceiling" }
        let failures = source.failures.isEmpty ? nil : "\(source.failures.count) failed"
        let factor = least.map { mean / $0 } ?? .nan
        let times = factor.isFinite ? (factor < 1.0005 ? "least" : "× \(factor.significant(3))") : nil
        return Cell(
            lines: ["\(mean.significant(3)) s", interval, times, ceiling, failures].compactMap { $0 },
            shade: factor.isFinite ? shade(factor) : nil
        )
    }

    // Each shade is twice or more the one before: 1, 2, 5, 20 times the least and beyond.
    private static func shade(_ factor: Double) -> Int { [1.25, 2, 5, 20].firstIndex { factor <= $0 } ?? 4 }

    /// An HTML table.
    var html: String {
        let head = (["format"] + columns).map { "<th scope=\"col\">\(markupText($0))</th>" }.joined()
        let body = rows.map { row in
            let cells = row.cells.map { cell in
                let time = markupText(cell.lines[0])
                let lead = cell.shade == nil ? time : "<strong>\(time)</strong>"
                let rest = cell.lines.dropFirst().map { "<br>\(markupText($0))" }.joined()
                return "<td class=\"\(cell.shade.map { "heat\($0)" } ?? "none")\">\(lead)\(rest)</td>"
            }
            return "<tr><th scope=\"row\">\(markupText(row.name))</th>\(cells.joined())</tr>\n"
        }
        return "<div class=\"scroll\" tabindex=\"0\"><table class=\"heat\">\n<thead><tr>\(head)</tr></thead>\n<tbody>\n"
            + body.joined() + "</tbody>\n</table></div>\n"
    }

    /// The same without shades.
    var table: ReportTable {
        ReportTable(
            ["format"] + columns,
            rows: rows.map { [$0.name] + $0.cells.map { $0.lines.joined(separator: ", ") } },
            wordColumns: Set(0...columns.count)
        )
    }
}

extension BenchmarkResults {
    /// Storages that were measured, in the order in which people name them.
    var storages: [String] { Self.sorted(results.keys, known: ["network", "s3", "temp"]) }

    /// Formats that were measured.
    var formats: [String] {
        let known = ["safe", "safe_no_index", "cog", "zarr", "shardzarr", "zipzarr"]
        return Self.sorted(Set(results.values.flatMap(\.keys)), known: known)
    }

    private static func sorted(_ names: some Collection<String>, known: [String]) -> [String] {
        known.filter(names.contains) + names.filter { !known.contains($0) }.sorted()
    }
}

extension [Double] {
    /// An interval as a text, such as `1.20 to 1.35`.
    var rangeText: String {
        guard count == 2 else { return "" }
        return map { $0.isFinite ? $0.significant(3) : $0 > 0 ? "any" : "none" }.joined(separator: " to ")
    }
}
