import DatacubeStorage

/// A picture of the sweep: a point for each layout, warm load time from left to right, size from bottom to top.
struct SweepChart {
    let rows: [SweepRow]

    // Pixels of the picture, and the room that axes and names take.
    private static let (width, height, left, right, top, bottom) = (860.0, 560.0, 70.0, 330.0, 40.0, 50.0)

    private var fastest: Double { (rows.map(\.local.seconds).min() ?? 0) * 0.9 }
    private var slowest: Double { (rows.map(\.local.seconds).max() ?? 1) * 1.05 }
    private var smallest: Double { (rows.map(\.share).min() ?? 0) - 0.02 }
    private var largest: Double { (rows.map(\.share).max() ?? 1) + 0.02 }

    private func x(_ seconds: Double) -> Double {
        let room = SweepChart.width - SweepChart.left - SweepChart.right
        return SweepChart.left + room * (seconds - fastest) / (slowest - fastest)
    }

    private func y(_ share: Double) -> Double {
        let room = SweepChart.height - SweepChart.top - SweepChart.bottom
        return SweepChart.top + room * (largest - share) / (largest - smallest)
    }

    /// The picture as an SVG document.
    var svg: String {
        let size = "\(SweepChart.width.fixed(0)) \(SweepChart.height.fixed(0))"
        let parts = [frame, seedLines, points, names].joined()
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" font-family="sans-serif" font-size="12">
            <rect width="100%" height="100%" fill="white"/>
            \(parts)</svg>

            """
    }

    private var frame: String {
        let (right, bottom) = (SweepChart.width - SweepChart.right, SweepChart.height - SweepChart.bottom)
        let ends = [(fastest, "start"), (slowest, "end")].map { seconds, anchor in
            text("\((seconds * 1000).fixed(0)) ms", x(seconds), bottom + 18, anchor)
        }
        let sizes = [smallest, largest].map { text($0.fixed(2), SweepChart.left - 6, y($0) + 4, "end") }
        return line(SweepChart.left, bottom, right, bottom, "#444")
            + line(SweepChart.left, SweepChart.top, SweepChart.left, bottom, "#444")
            + ends.joined() + sizes.joined()
            + text("warm load of a patch, local disk", (SweepChart.left + right) / 2, bottom + 36, "middle")
            + text("size by size of raw pixels", SweepChart.left, SweepChart.top - 14, "start")
    }

    /// Left of the one faster than the seed layout, below the other smaller.
    private var seedLines: String {
        guard let seed = rows.first else { return "" }
        let (right, bottom) = (SweepChart.width - SweepChart.right, SweepChart.height - SweepChart.bottom)
        return line(x(seed.local.seconds), SweepChart.top, x(seed.local.seconds), bottom, "#bbb")
            + line(SweepChart.left, y(seed.share), right, y(seed.share), "#bbb")
    }

    private var points: String {
        rows.map { row in
            let (x, y) = (x(row.local.seconds), y(row.share))
            let colour = row.number == 0 ? "#d62728" : "#1f77b4"
            return "<circle cx=\"\(x.fixed(1))\" cy=\"\(y.fixed(1))\" r=\"3\" fill=\"\(colour)\"/>\n"
                + text("\(row.number)", x + 5, y - 3, "start")
        }.joined()
    }

    private var names: String {
        rows.map { row in
            let y = SweepChart.top + Double(row.number) * 18
            return text("\(row.number)  \(row.name)", SweepChart.width - SweepChart.right + 30, y, "start")
        }.joined()
    }

    private func text(_ words: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
        "<text x=\"\(x.fixed(1))\" y=\"\(y.fixed(1))\" text-anchor=\"\(anchor)\">\(words)</text>\n"
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String) -> String {
        let from = "x1=\"\(x1.fixed(1))\" y1=\"\(y1.fixed(1))\""
        return "<line \(from) x2=\"\(x2.fixed(1))\" y2=\"\(y2.fixed(1))\" stroke=\"\(colour)\"/>\n"
    }
}
