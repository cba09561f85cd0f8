import Glibc

/// An axis of a picture: which values it spans, and where they lie.
struct ChartAxis: Sendable {
    /// What the values are, with their unit.
    let label: String
    let bounds: ClosedRange<Double>
    let isLogarithmic: Bool
    /// Values that get a line and a label; nil chooses round ones.
    private var marked: [Double]?

    // A phone has room for so many labels of numbers.
    private static let mostLabels = 6

    /// From 0 to a round number.
    init(_ label: String, upTo largest: Double) {
        let step = Self.roundStep(over: largest > 0 && largest.isFinite ? largest : 1)
        self.init(label, bounds: 0...(largest / step).rounded(.up) * step)
    }

    init(_ label: String, bounds: ClosedRange<Double>) {
        (self.label, self.bounds, isLogarithmic) = (label, bounds, false)
    }

    /// A logarithmic axis around values, which starts and ends at 1, 2 or 5 times a power of ten.
    init(_ label: String, around values: [Double]) {
        let values = values.filter { $0 > 0 && $0.isFinite }
        let marks = Self.marks([1, 2, 5])
        let low = marks.last { $0 <= values.min() ?? 1 } ?? 1
        let high = marks.first { $0 >= values.max() ?? 1 && $0 > low } ?? low * 10
        (self.label, bounds, isLogarithmic) = (label, low...high, true)
    }

    /// A logarithmic axis with a line at each of some values.
    init(_ label: String, at values: [Double]) {
        let values = Set(values.filter { $0 > 0 && $0.isFinite }).sorted()
        let (low, high) = (values.first ?? 1, values.last ?? 1)
        (self.label, bounds, isLogarithmic) = (label, low...max(high, low * 2), true)
        marked = values.count <= Self.mostLabels ? values : nil
    }

    /// The place of a value, from 0 to 1.
    func share(of value: Double) -> Double {
        let (low, high) = (scaled(bounds.lowerBound), scaled(bounds.upperBound))
        guard high > low, !value.isNaN else { return 0 }
        return min(max((scaled(value) - low) / (high - low), 0), 1)
    }

    private func scaled(_ value: Double) -> Double { isLogarithmic ? log10(max(value, 1e-300)) : value }

    /// Values that get a line and a label.
    var ticks: [Double] {
        if let marked { return marked }
        guard isLogarithmic else {
            let step = Self.roundStep(over: bounds.upperBound - bounds.lowerBound)
            let first = (bounds.lowerBound / step).rounded(.up)
            return (0...Int((bounds.upperBound / step - first + 1e-9).rounded(.down))).map {
                (first + Double($0)) * step
            }
        }
        let choices = [[1.0, 2, 5], [1.0]].map { digits in
            Self.marks(digits).filter { bounds.lowerBound * 0.999...bounds.upperBound * 1.001 ~= $0 }
        }
        let labels = choices.first { $0.count <= Self.mostLabels } ?? choices[1]
        let stride = (labels.count + Self.mostLabels - 1) / Self.mostLabels
        return labels.enumerated().filter { $0.offset % max(stride, 1) == 0 }.map(\.element)
    }

    /// A number as an axis shows it: `0.05`, `2`, `12 000`.
    static func text(_ value: Double) -> String {
        guard value >= 10_000 else { return value.significant(value < 1 ? 1 : 2).trimmingZeros }
        let digits = Array(value.fixed(0))
        let groups = stride(from: digits.count % 3 == 0 ? 3 : digits.count % 3, through: digits.count, by: 3)
        return groups.map { end in String(digits[max(0, end - 3)..<end]) }.joined(separator: "\u{202F}")
    }

    /// 1, 2 or 5 times a power of ten, of which a span has at most five.
    private static func roundStep(over span: Double) -> Double {
        marks([1, 2, 5]).first { span / $0 <= 5.001 } ?? span
    }

    private static func marks(_ digits: [Double]) -> [Double] {
        (-12...12).flatMap { power in
            digits.map { power < 0 ? $0 / pow(10, Double(-power)) : $0 * pow(10, Double(power)) }
        }
    }
}

extension String {
    /// A decimal number without zeros that say nothing.
    fileprivate var trimmingZeros: String {
        guard contains(".") else { return self }
        let digits = reversed().drop { $0 == "0" }
        return String(digits.drop { $0 == "." }.reversed())
    }
}
