import DatacubeStorage

/// A picture of the sweep: for each layout how many times as fast as the seed layout a patch loads, from local disk and
/// from S3 where that was measured.
struct SweepChart {
    let rows: [SweepRow]

    // Pixels of the picture, of what stands left of the bars, and of a layout's line.
    private static let (width, left, top, line) = (860.0, 360.0, 60.0, 24.0)
    private static let (localColour, remoteColour) = ("#1f77b4", "#ff7f0e")

    private var height: Double { SweepChart.top + Double(rows.count) * SweepChart.line + 20 }
    private var bottom: Double { height - 20 }
    private var largest: Double { rows.flatMap { [$0.local.ratio, $0.remote?.ratio ?? 0] }.max() ?? 1 }

    private func x(_ ratio: Double) -> Double {
        SweepChart.left + (SweepChart.width - SweepChart.left - 50) * ratio / max(largest, 1)
    }

    /// The picture as an SVG document.
    var svg: String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SweepChart.width.fixed(0)) \(height.fixed(0))" \
        font-family="sans-serif" font-size="12">
        <rect width="100%" height="100%" fill="white"/>
        \(legend)\(grid)\(rows.enumerated().map(bars).joined())</svg>

        """
    }

    private var legend: String {
        let title = "Loads of a patch: times as fast as from the seed layout"
        return text(title, 12, 22, "start", "#000")
            + text("warm, from local disk", SweepChart.left, 22, "start", SweepChart.localColour)
            + text("from S3", SweepChart.left + 140, 22, "start", SweepChart.remoteColour)
            + text("grey: larger than the seed layout", SweepChart.left + 210, 22, "start", "#999")
    }

    private var grid: String {
        (0...Int(largest)).map { ratio in
            let x = x(Double(ratio)).fixed(1)
            let colour = ratio == 1 ? "#444" : "#ddd"
            return "<line x1=\"\(x)\" y1=\"\(SweepChart.top)\" x2=\"\(x)\" y2=\"\(bottom)\" stroke=\"\(colour)\"/>\n"
                + text("\(ratio)", self.x(Double(ratio)), SweepChart.top - 8, "middle", "#444")
        }.joined()
    }

    private func bars(_ position: Int, _ row: SweepRow) -> String {
        let y = SweepChart.top + Double(position) * SweepChart.line
        let isLarger = row.share > (rows.first?.share ?? 1)
        let name = text("\(row.number)  \(row.name)", 12, y + 16, "start", isLarger ? "#999" : "#000")
        let local = bar(row.local, y + 4, SweepChart.localColour)
        return name + local + (row.remote.map { bar($0, y + 13, SweepChart.remoteColour) } ?? "")
    }

    private func bar(_ comparison: SweepRow.Comparison, _ y: Double, _ colour: String) -> String {
        let width = (x(comparison.ratio) - SweepChart.left).fixed(1)
        let place = "x=\"\(SweepChart.left)\" y=\"\(y)\" width=\"\(width)\" height=\"8\" fill=\"\(colour)\""
        let label = "\((comparison.seconds * 1000).fixed(0)) ms"
        return "<rect \(place)/>\n"
            + "<text x=\"\((x(comparison.ratio) + 4).fixed(1))\" y=\"\(y + 8)\" font-size=\"9\">\(label)</text>\n"
    }

    private func text(_ words: String, _ x: Double, _ y: Double, _ anchor: String, _ colour: String) -> String {
        let place = "x=\"\(x.fixed(1))\" y=\"\(y.fixed(1))\" text-anchor=\"\(anchor)\" fill=\"\(colour)\""
        return "<text \(place)>\(words)</text>\n"
    }
}
