extension RunChapter {
    /// How long loads took.
    var durations: ReportTable {
        let rows = results.ranking.map { name, source in
            [
                name, number(source.geometricMean), source.interval?.rangeText ?? "", number(source.mean),
                number(source.standardError), number(source.durations.isEmpty ? nil : source.deviation),
                number(source.p50), number(source.p95),
                number(source.p99), number(source.patchesPerSecond),
                source.ceiling.map { ($0.share * 100).fixed(0) } ?? "", String(source.failures.count),
            ]
        }
        let columns = [
            "source", "geometric mean s", "95 % interval", "mean s", "± stderr", "std", "median", "p95", "p99",
            "patches/s", "% of ceiling", "failures",
        ]
        return ReportTable(columns, rows: rows)
    }

    /// All pairs that were compared.
    var comparisons: ReportTable {
        ReportTable(
            RatioComparison.columns,
            rows: results.comparisons.map(\.row),
            wordColumns: [0, 1, 5]
        )
    }

    /// What a load took besides time.
    var costs: ReportTable {
        let rows = results.ranking.map { name, source in
            let counted = source.samples.filter { $0.excluded == nil }
            func mean(_ value: (Sample) -> Double?, digits: Int = 3) -> String {
                let values = counted.compactMap(value)
                return values.isEmpty ? "?" : DurationStatistics(values).mean.significant(digits)
            }
            return [
                name, mean { Double($0.files) }, mean { $0.opens.map(Double.init) },
                mean { $0.readCalls.map(Double.init) },
                mean { $0.bytesRead?.mebibytes }, mean { $0.diskBytes?.mebibytes },
                (source.patchBytes * results.workers).mebibytes.significant(3), mean { $0.decodedBytes?.mebibytes },
                mean(\.userSeconds), mean(\.systemSeconds), mean { $0.peakMemory?.mebibytes },
                mean { $0.residentBefore.map { $0 * 100 } },
            ]
        }
        return ReportTable(Self.costColumns, rows: rows)
    }

    private static let costColumns = [
        "source", "files", "opens", "reads, requests", "MiB read", "MiB from disk", "MiB of pixels", "MiB decoded",
        "user s", "system s", "peak MiB", "% in cache before",
    ]

    /// What staging saves, and what a job gets done.
    var staging: ReportTable {
        let rows = results.breakEvens.map { breakEven in
            let patches = breakEven.patchesInThreeDays
            return [
                breakEven.format, breakEven.copySeconds.map(formatSeconds) ?? "not measured",
                number(breakEven.secondsPerPatch.before), number(breakEven.secondsPerPatch.after),
                breakEven.patchesText,
                patches.map { $0.without.fixed(0) } ?? "", patches.map { $0.with.fixed(0) } ?? "",
            ]
        }
        let columns = [
            "format", "copy", "s a patch without", "s a patch staged", "pays after patches", "in 3 days without",
            "in 3 days staged first",
        ]
        return ReportTable(columns, rows: rows, wordColumns: [0, 1, 4])
    }

    /// Patches a second with each number of workers.
    var throughput: ReportTable {
        let counts = Set(results.throughput.map(\.workers)).sorted()
        let rows = results.ranking.compactMap { name, _ -> [String]? in
            let steps = results.throughput.filter { $0.source == name }
            guard !steps.isEmpty else { return nil }
            let cells = counts.map { count in
                steps.first { $0.workers == count }.map { step in
                    let interval = step.interval.map { " (\($0.rangeText))" } ?? ""
                    return step.patchesPerSecond.significant(3) + interval
                } ?? ""
            }
            return [name] + cells
        }
        return ReportTable(["source"] + counts.map { "\($0) worker\($0 == 1 ? "" : "s")" }, rows: rows)
    }

    /// How busy a consumer was.
    var training: ReportTable {
        let rows = results.training.map { wait in
            [
                wait.source, wait.step.significant(3), String(wait.workers), String(wait.prefetch),
                (wait.utilisation * 100).fixed(1), wait.interval?.map { $0 * 100 }.rangeText ?? "",
            ]
        }
        let columns = ["source", "step ms", "workers", "loaded ahead", "% at work", "95 % interval"]
        return ReportTable(columns, rows: rows)
    }

    private func number(_ value: Double?) -> String { value.map { $0.isFinite ? $0.significant(3) : "" } ?? "" }
}

extension RatioComparison {
    static let columns = ["a", "b", "b / a", "95 % interval", "p", "verdict"]

    /// Cells of ``columns``.
    var row: [String] {
        let verdict =
            switch different {
            case nil: "too few rounds"
            case false?: "not distinguishable"
            case true?: "different"
            }
        return [a, b, ratio.significant(3), interval.rangeText, different == nil ? "" : chanceText, verdict]
    }

    /// `p` as a table shows it.
    var chanceText: String { p < 0.001 ? "<0.001" : p.significant(2) }
}

extension BreakEven {
    /// When it pays, in a table's cell.
    fileprivate var patchesText: String {
        switch answer {
        case .pays(let patches, let interval):
            "\(patches.significant(3)) (\([interval.lowerBound, interval.upperBound].rangeText))"
        case .never: "never"
        case .unknown(let reason): "cannot tell, \(reason)"
        }
    }
}

extension Int {
    fileprivate var mebibytes: Double { Double(self) / Double(1 << 20) }
}

extension BenchmarkResults {
    /// The table that a run prints.
    public var summary: ReportTable { RunChapter(self).durations }
    /// What the run answers.
    public var answer: AnswerBox { AnswerBox(self) }
}
