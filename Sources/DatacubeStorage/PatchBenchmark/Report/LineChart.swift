/// A picture of lines over two axes.
struct LineChart: Sendable {
    /// One line.
    struct Line: Sendable {
        let name: String
        let style: ChartStyle
        let points: [(x: Double, y: Double)]
        /// Where the line may lie instead, as an area; empty for none.
        var band: [(x: Double, low: Double, high: Double)] = []
        /// The same for single points, as bars.
        var bars: [(x: Double, low: Double, high: Double)] = []
        /// Places of markers.
        var markers: [(x: Double, y: Double)] = []
    }

    let name: String
    let title: String
    let x: ChartAxis
    let y: ChartAxis
    let lines: [Line]
    /// A place to point at, with what is to be said of it.
    var remark: (x: Double, y: Double, text: String)?

    // The plot's left edge and width as shares of the picture, its upper edge and height in pixels.
    private static let (left, width, top, height) = (0.14, 0.83, 26.0, 200.0)
    private static let legendRow = 20.0

    var drawing: Drawing {
        let marks = grid + plot + lines.map { bars($0) + markers($0) }.joined() + note + legend
        return Drawing(name: name, title: title, height: legendTop + Double(legendRows) * Self.legendRow, marks: marks)
    }

    private func place(x value: Double) -> Double { Self.left + Self.width * x.share(of: value) }
    private func place(y value: Double) -> Double { Self.top + Self.height * (1 - y.share(of: value)) }

    private var grid: String {
        let (bottom, right) = (Self.top + Self.height, Self.left + Self.width)
        let rows = y.ticks.map { value in
            Drawing.line(x: Self.left...right, y: place(y: value)...place(y: value), kind: "grid")
                + Drawing.text(ChartAxis.text(value), x: Self.left - 0.015, y: place(y: value) + 4, anchor: "end")
        }
        let columns = x.ticks.map { value in
            // The last label would leave the picture.
            let anchor = x.share(of: value) > 0.93 ? "end" : "middle"
            return Drawing.line(x: place(x: value)...place(x: value), y: Self.top...bottom, kind: "grid")
                + Drawing.text(ChartAxis.text(value), x: place(x: value), y: bottom + 16, anchor: anchor)
        }
        return rows.joined() + columns.joined() + Drawing.text(y.label, x: 0, y: 13, kind: "soft")
            + Drawing.text(x.label, x: right, y: bottom + 34, anchor: "end", kind: "soft")
    }

    /// Lines and areas, in a picture of their own that is stretched to the width.
    private var plot: String {
        let paths = lines.map { line in
            let band = line.band.map { ($0.x, $0.low) } + line.band.reversed().map { ($0.x, $0.high) }
            let area = band.isEmpty ? "" : "<path class=\"band b\(line.style.number)\" d=\"\(path(band))z\"/>\n"
            return area
                + (line.points.isEmpty ? "" : "<path class=\"\(line.style.kind)\" d=\"\(path(line.points))\"/>\n")
        }
        return
            "<svg x=\"\(Drawing.percent(Self.left))\" y=\"\(Self.top.fixed(0))\" width=\"\(Drawing.percent(Self.width))\" "
            + "height=\"\(Self.height.fixed(0))\" viewBox=\"0 0 1000 1000\" preserveAspectRatio=\"none\">\n"
            + paths.joined() + "</svg>\n"
    }

    private func path(_ points: [(x: Double, y: Double)]) -> String {
        let places = points.map { point in
            "\((x.share(of: point.x) * 1000).fixed(0)) \(((1 - y.share(of: point.y)) * 1000).fixed(0))"
        }
        return "M" + places.joined(separator: "L")
    }

    private func bars(_ line: Line) -> String {
        line.bars.map { bar in
            let (x, high, low) = (place(x: bar.x), place(y: bar.high), place(y: bar.low))
            let ends = [high, low].map {
                Drawing.line(x: (x - 0.008)...(x + 0.008), y: $0...$0, kind: "e\(line.style.number)")
            }
            return Drawing.line(x: x...x, y: min(high, low)...max(high, low), kind: "e\(line.style.number)")
                + ends.joined()
        }
        .joined()
    }

    private func markers(_ line: Line) -> String {
        line.markers.map { line.style.marker(x: place(x: $0.x), y: place(y: $0.y)) }.joined()
    }

    private var note: String {
        guard let remark else { return "" }
        let (x, y) = (place(x: remark.x), place(y: remark.y))
        return Drawing.line(x: x...x, y: Self.top...(Self.top + Self.height), kind: "rule")
            + "<circle class=\"ring\" cx=\"\(Drawing.percent(x))\" cy=\"\(y.fixed(1))\" r=\"5\"/>\n"
            // Lines that rise leave the upper left corner free, at any width.
            + Drawing.text(remark.text, x: Self.left + 0.02, y: Self.top + 16, kind: "strong halo")
    }

    private var legendTop: Double { Self.top + Self.height + 44 }
    /// Two names a row where they are short.
    private var legendColumns: Int { lines.allSatisfy { $0.name.count <= 18 } ? 2 : 1 }
    private var legendRows: Int { (lines.count + legendColumns - 1) / legendColumns }

    private var legend: String {
        lines.enumerated().map { number, line in
            let x = Double(number % legendColumns) / 2
            let y = legendTop + Double(number / legendColumns) * Self.legendRow + 8
            return Drawing.line(x: x...(x + 0.08), y: y...y, kind: line.style.kind)
                + (line.markers.isEmpty ? "" : line.style.marker(x: x + 0.04, y: y))
                + Drawing.text(Drawing.shortened(line.name, to: 40), x: x + 0.1, y: y + 4)
        }
        .joined()
    }
}
