/// A picture of values on one logarithmic axis, in a row for each thing that is measured.
struct RowChart: Sendable {
    /// A value with its interval, and whose it is.
    struct Value: Sendable {
        let value: Double
        let interval: ClosedRange<Double>?
        /// Number of its group in ``groups``.
        let group: Int
    }

    let name: String
    let title: String
    let axis: ChartAxis
    /// Names of groups, each with a marker of its own.
    let groups: [String]
    let rows: [(name: String, values: [Value])]

    // A row's name stands above its line, so that long ones have room on a phone.
    private static let (left, width, rowHeight, name, line) = (0.03, 0.94, 44.0, 14.0, 30.0)

    private var bottom: Double { Double(rows.count) * Self.rowHeight + 4 }

    var drawing: Drawing {
        let height = bottom + 44 + Double(groups.count) * 20
        let marks = grid + rows.enumerated().map { row($1, top: Double($0) * Self.rowHeight) }.joined() + legend
        return Drawing(name: name, title: title, height: height, marks: marks)
    }

    private func place(_ value: Double) -> Double { Self.left + Self.width * axis.share(of: value) }

    private var grid: String {
        let lines = axis.ticks.map { value in
            let share = axis.share(of: value)
            let anchor = share > 0.93 ? "end" : share < 0.05 ? "start" : "middle"
            return Drawing.line(x: place(value)...place(value), y: 0...bottom, kind: "grid")
                + Drawing.text(ChartAxis.text(value), x: place(value), y: bottom + 14, anchor: anchor)
        }
        return lines.joined()
            + Drawing.text(axis.label, x: Self.left + Self.width, y: bottom + 32, anchor: "end", kind: "soft")
    }

    private func row(_ row: (name: String, values: [Value]), top: Double) -> String {
        let y = top + Self.line
        let base = Drawing.line(x: Self.left...(Self.left + Self.width), y: y...y, kind: "rule")
        let values = row.values.map { value in
            let style = ChartStyle(value.group)
            let bar = value.interval.map {
                Drawing.line(x: place($0.lowerBound)...place($0.upperBound), y: y...y, kind: "e\(style.number)")
            }
            return (bar ?? "") + style.marker(x: place(value.value), y: y)
        }
        return Drawing.text(Drawing.shortened(row.name, to: 40), x: 0, y: top + Self.name, kind: "strong") + base
            + values.joined()
    }

    private var legend: String {
        groups.enumerated().map { number, group in
            let y = bottom + 52 + Double(number) * 20
            return ChartStyle(number).marker(x: 0.03, y: y)
                + Drawing.text(Drawing.shortened(group, to: 52), x: 0.06, y: y + 4)
        }
        .joined()
    }
}
