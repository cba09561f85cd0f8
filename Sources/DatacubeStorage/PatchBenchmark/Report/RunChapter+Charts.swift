/// Pictures of a run; sources of one storage share a picture, and a format looks the same in all.
extension RunChapter {
    /// Share of loads that took at most so long, for each storage.
    var latencyCharts: [Drawing] {
        let finished = results.ranking.filter { !$0.source.durations.isEmpty }
        let axis = ChartAxis("seconds a patch (logarithmic)", around: finished.flatMap(\.source.durations))
        return results.storages.compactMap { storage in
            let lines = sources(of: storage).filter { !$0.source.durations.isEmpty }.map { format, source in
                distribution(source.durations, format: format)
            }
            let title = "\(storage): share of loads that took at most so long; the marker is the median"
            return chart("latency-\(storage)", title: title, x: axis, y: Self.percent("% of loads"), lines: lines)
        }
    }

    private static func percent(_ label: String) -> ChartAxis { ChartAxis(label, bounds: 0...100) }

    private func distribution(_ durations: [Double], format: String) -> LineChart.Line {
        let sorted = durations.sorted()
        // Steps of single loads show where there are few; more than these no eye tells apart.
        let count = min(sorted.count, 100)
        let steps = (1...count).flatMap { step -> [(x: Double, y: Double)] in
            let value = sorted[step * sorted.count / count - 1]
            return [(value, Double(step - 1) / Double(count) * 100), (value, Double(step) / Double(count) * 100)]
        }
        return LineChart.Line(
            name: format,
            style: ChartStyle(format: format),
            points: steps,
            markers: [(DurationStatistics(durations).median, 50)]
        )
    }

    /// Patches a second over workers, for each storage.
    var throughputCharts: [Drawing] {
        let ends = results.throughput.flatMap { [$0.patchesPerSecond] + ($0.interval ?? []) }
        let rates = ChartAxis("patches a second (logarithmic)", around: ends)
        let workers = ChartAxis("workers (logarithmic)", at: results.throughput.map { Double($0.workers) })
        return results.storages.compactMap { storage in
            let lines = sources(of: storage).compactMap { format, _ in
                throughputLine(results.throughput.filter { $0.source == "\(storage) \(format)" }, format: format)
            }
            let title = "\(storage): patches a second, all workers together"
            return chart("throughput-\(storage)", title: title, x: workers, y: rates, lines: lines)
        }
    }

    private func throughputLine(_ steps: [Throughput], format: String) -> LineChart.Line? {
        guard !steps.isEmpty else { return nil }
        let points = steps.sorted { $0.workers < $1.workers }.map { (x: Double($0.workers), y: $0.patchesPerSecond) }
        let bars = steps.compactMap { step in
            step.interval.flatMap { $0.count == 2 ? (x: Double(step.workers), low: $0[0], high: $0[1]) : nil }
        }
        let style = ChartStyle(format: format)
        return LineChart.Line(name: format, style: style, points: points, bars: bars, markers: points)
    }

    /// Seconds over patches with and without staging, for each format whose copy was measured.
    var breakEvenCharts: [Drawing] { results.breakEvens.compactMap { BreakEvenChart($0)?.chart.drawing } }

    private func chart(
        _ name: String,
        title: String,
        x: ChartAxis,
        y: ChartAxis,
        lines: [LineChart.Line]
    ) -> Drawing? {
        lines.isEmpty ? nil : LineChart(name: name, title: title, x: x, y: y, lines: lines).drawing
    }

    private func sources(of storage: String) -> [(format: String, source: SourceResults)] {
        results.formats.compactMap { format in results.results[storage]?[format].map { (format, $0) } }
    }
}
