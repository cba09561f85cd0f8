/// The two lines of staging: seconds over patches without it, and with the copy first.
struct BreakEvenChart: Sendable {
    private let breakEven: BreakEven
    private let copySeconds: Double
    private let rates: (before: ClosedRange<Double>, after: ClosedRange<Double>)

    /// Nil where no copy was measured.
    init?(_ breakEven: BreakEven) {
        guard let copySeconds = breakEven.copySeconds, breakEven.secondsPerPatch.before.isFinite,
            breakEven.secondsPerPatch.after.isFinite
        else { return nil }
        self.breakEven = breakEven
        self.copySeconds = copySeconds
        rates = breakEven.intervals
    }

    // Twice as far as where the lines cross, or as far as the copy takes with patches that are not faster.
    private var mostPatches: Double {
        switch breakEven.answer {
        case .pays(let patches, let interval): min(max(patches * 2, interval.upperBound * 1.2), patches * 4)
        case .never, .unknown: max(2 * copySeconds / max(breakEven.secondsPerPatch.before, 1e-9), 1)
        }
    }

    private var crossing: Double? {
        if case .pays(let patches, _) = breakEven.answer { patches } else { nil }
    }

    var chart: LineChart {
        let x = ChartAxis("patches", upTo: mostPatches)
        let end = x.bounds.upperBound
        let times = breakEven.secondsPerPatch
        let highest = max(times.before * end, copySeconds + times.after * end)
        // Nobody reads 12 000 seconds.
        let (unit, divisor) = highest > 7200 ? ("hours", 3600.0) : highest > 180 ? ("minutes", 60) : ("seconds", 1)
        func line(_ name: String, style: Int, start: Double, slope: Double, range: ClosedRange<Double>)
            -> LineChart.Line
        {
            func value(_ patches: Double, _ slope: Double) -> Double { (start + patches * slope) / divisor }
            let band = [0, end].map { ($0, value($0, range.lowerBound), value($0, range.upperBound)) }
            let points = [0, end].map { ($0, value($0, slope)) }
            return LineChart.Line(name: name, style: ChartStyle(style), points: points, band: band)
        }
        let lines = [
            line("without staging", style: 0, start: 0, slope: times.before, range: rates.before),
            line("staged first", style: 1, start: copySeconds, slope: times.after, range: rates.after),
        ]
        let remark = crossing.map { patches in
            (
                x: patches, y: patches * times.before / divisor,
                text: "pays after \(ChartAxis.text(patches.rounded())) patches"
            )
        }
        return LineChart(
            name: "staging-\(breakEven.format)",
            title: "\(breakEven.format): time for so many patches, with the copy counted",
            x: x,
            y: ChartAxis(unit, upTo: highest / divisor),
            lines: lines,
            remark: remark
        )
    }
}
