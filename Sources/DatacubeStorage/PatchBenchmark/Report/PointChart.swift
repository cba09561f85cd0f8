import Glibc

/// A picture of values on a logarithmic axis: a row of dots for each source, with a bar at the mean.
struct PointChart: Sendable {
    let title: String
    let rows: [(name: String, values: [Double], mean: Double)]

    // Pixels of the picture.
    private static let (width, labels, right, top, rowHeight, foot) = (860.0, 150.0, 90.0, 34.0, 30.0, 30.0)

    private var height: Double { Self.top + Double(rows.count) * Self.rowHeight + Self.foot }

    /// Powers of ten around all values.
    private var decades: ClosedRange<Int> {
        let values = rows.flatMap(\.values).filter { $0 > 0 && $0.isFinite }
        func power(below value: Double) -> Int {
            var (power, bound) = (0, 1.0)
            while value < bound { (power, bound) = (power - 1, bound / 10) }
            while value >= bound * 10 { (power, bound) = (power + 1, bound * 10) }
            return power
        }
        let low = power(below: values.min() ?? 1)
        return low...max(low + 1, power(below: values.max() ?? 1) + 1)
    }

    /// The picture as an `svg` element.
    var svg: String {
        let axis = PointAxis(
            decades: decades,
            from: Self.labels,
            to: Self.width - Self.right
        )
        let bottom = height - Self.foot
        let grid = axis.ticks.map { tick in
            let x = tick.x.fixed(1)
            let label =
                tick.label.map {
                    "<text x=\"\(x)\" y=\"\((bottom + 18).fixed(1))\" text-anchor=\"middle\">\($0)</text>"
                } ?? ""
            let shade = tick.label == nil ? "#eee" : "#bbb"
            return
                "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.top.fixed(0))\" y2=\"\(bottom.fixed(1))\" stroke=\"\(shade)\"/>\(label)\n"
        }
        let marks = rows.enumerated().map {
            row($1, y: Self.top + (Double($0) + 0.5) * Self.rowHeight, axis: axis)
        }
        let size = "width=\"\(Self.width.fixed(0))\" height=\"\(height.fixed(0))\""
        return
            "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) viewBox=\"0 0 \(Self.width.fixed(0)) \(height.fixed(0))\" "
            + "font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n<title>\(markupText(title))</title>\n"
            + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
            + "<text x=\"8\" y=\"20\" font-weight=\"bold\">\(markupText(title))</text>\n"
            + grid.joined() + marks.joined() + "</svg>\n"
    }

    private func row(_ row: (name: String, values: [Double], mean: Double), y: Double, axis: PointAxis) -> String {
        let middle = y.fixed(1)
        let name = "<text x=\"8\" y=\"\((y + 4).fixed(1))\">\(markupText(row.name))</text>\n"
        let dots = row.values.filter { $0 > 0 }.map {
            "<circle cx=\"\(axis.x(of: $0).fixed(1))\" cy=\"\(middle)\" r=\"4\" fill=\"#1f77b4\" fill-opacity=\"0.45\"/>\n"
        }
        guard row.mean > 0 else { return name + dots.joined() }
        let x = axis.x(of: row.mean).fixed(1)
        let bar =
            "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\((y - 10).fixed(1))\" y2=\"\((y + 10).fixed(1))\" stroke=\"#d62728\" stroke-width=\"2\"/>\n"
        let place = (Self.width - 8).fixed(0)
        let value =
            "<text x=\"\(place)\" y=\"\((y + 4).fixed(1))\" text-anchor=\"end\">\(row.mean.significant(3)) s</text>\n"
        return name + dots.joined() + bar + value
    }
}

/// Places of values between two ends of a picture, by their logarithm.
struct PointAxis: Sendable {
    let decades: ClosedRange<Int>
    let from: Double
    let to: Double

    func x(of value: Double) -> Double {
        let share = (log10(value) - Double(decades.lowerBound)) / Double(decades.count - 1)
        return from + (to - from) * min(max(share, 0), 1)
    }

    /// 1, 2 … 9 times each power of ten; powers have a label.
    var ticks: [(x: Double, label: String?)] {
        decades.flatMap { decade -> [(x: Double, label: String?)] in
            let base = Self.power(decade)
            let steps = decade == decades.upperBound ? 1...1 : 1...9
            return steps.map { step in
                let value = base * Double(step)
                return (x(of: value), step == 1 ? value.significant(1) : nil)
            }
        }
    }

    private static func power(_ exponent: Int) -> Double {
        (0..<abs(exponent)).reduce(1) { value, _ in exponent < 0 ? value / 10 : value * 10 }
    }
}
