/// How often verdicts are wrong, as a table.
public struct CalibrationTable: Sendable {
    private let rows: [Calibration.Row]

    /// Simulates all rows.
    public init(_ calibration: Calibration) { rows = calibration.rows() }

    /// The table in Markdown.
    public var markdown: String {
        let columns = [
            "noise", "sources", "rounds", "% of runs with a false claim", "% of intervals with the truth",
            "% of runs that find a factor of 1.3",
        ]
        return ReportTable(
            columns,
            rows: rows.map { row in
                [row.noise, String(row.contenders), String(row.rounds)]
                    + [row.falseClaims, row.coverage, row.power].map { ($0 * 100).fixed(1) }
            }
        ).markdown
    }
}
