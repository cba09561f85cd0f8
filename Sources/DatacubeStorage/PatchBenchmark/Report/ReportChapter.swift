/// What a report says of one run.
struct ReportChapter: Sendable {
    let results: BenchmarkResults

    init(_ results: BenchmarkResults) { self.results = results }

    var title: String { "\(results.tile) \(results.year), cache \(results.cache.rawValue)" }

    /// What was measured, on which machine.
    var description: String {
        let loads = "\(results.repeats) rounds of random patches of \(results.patchSize) m after one warm-up"
        let threads = "workers: \(results.workers), threads of each: \(results.threads)"
        let machine = results.environment
        let place = "\(machine.host), \(machine.processor), \(machine.processors) processors granted, "
        return "\(results.products.count) dates, thirteen bands; \(loads), seed \(results.seed), \(threads). "
            + "All sources delivered the same pixels (CRC-32 of every date and band). "
            + place + "\(formatBytes(machine.memory)) of memory, \(machine.system); "
            + "patch-bench \(results.version), \(results.created)."
    }

    /// The answer in one sentence.
    var finding: String {
        let ranking = results.ranking.filter { !$0.source.durations.isEmpty }
        guard let first = ranking.first else { return "No source finished a load." }
        let lead = "\(first.name) is fastest: \(formatSeconds(first.source.mean)) a patch on average"
        let clear = results.comparisons.map { comparison in
            let doubt = comparison.isClear ? "" : ", which may be chance"
            return "\(comparison.medianRatio.significant(3)) times as fast as \(comparison.slower)\(doubt)"
        }
        return clear.isEmpty ? lead + "." : "\(lead), \(clear.joined(separator: "; "))."
    }

    /// How long loads took.
    var durations: ReportTable {
        let fastest = results.ranking.first?.source.mean ?? .nan
        let rows = results.ranking.map { name, source in
            [
                name, seconds(source.mean), seconds(source.standardError), seconds(source.deviation),
                seconds(source.p50),
                seconds(source.p95), seconds(source.p99), (source.mean / fastest).significant(3),
                source.patchesPerSecond.significant(3), String(source.failures.count),
            ]
        }
        let columns = [
            "source", "mean s", "± stderr", "std", "median", "p95", "p99", "× fastest", "patches/s", "failures",
        ]
        return ReportTable(columns, rows: rows)
    }

    /// What a load took besides time, means over the rounds.
    var costs: ReportTable {
        let rows = results.ranking.map { name, source in
            [
                name, mean(source.samples.map { Double($0.files) }).map { $0.fixed(0) } ?? "",
                mean(source.samples.compactMap { $0.readCalls.map(Double.init) }).map { $0.fixed(0) } ?? "?",
                mebibytes(source.samples.compactMap(\.bytesRead)), mebibytes(source.samples.compactMap(\.diskBytes)),
                mebibytes([source.patchBytes * results.workers]),
                mean(source.samples.compactMap { $0.residentBefore.map { $0 * 100 } }).map { $0.fixed(1) } ?? "",
            ]
        }
        let columns = [
            "source", "files", "reads, requests", "MiB read", "MiB from disk", "MiB of pixels", "% in cache before",
        ]
        return ReportTable(columns, rows: rows)
    }

    /// The fastest source against the others, patch by patch.
    var pairs: ReportTable {
        let rows = results.comparisons.map { comparison in
            let interval = comparison.interval.map { $0.significant(3) }.joined(separator: " to ")
            return [
                comparison.slower, comparison.faster, comparison.meanDifference.significant(3), interval,
                comparison.medianRatio.significant(3), comparison.isClear ? "yes" : "no",
            ]
        }
        let columns = ["source", "minus", "mean difference s", "95 % interval", "median ratio", "clear"]
        return ReportTable(columns, rows: rows, wordColumns: [0, 1, 5])
    }

    /// When copying to the node's disk pays.
    var staging: ReportTable {
        let network = results.results["network"] ?? [:]
        let temp = results.results["temp"] ?? [:]
        let rows = network.keys.filter { temp[$0] != nil }.sorted().map { format in
            let saved = (network[format]?.mean ?? .nan) - (temp[format]?.mean ?? .nan)
            let patches = saved > 0 ? (3600 / saved).rounded(.up).fixed(0) : "never"
            return [format, saved.significant(3), patches]
        }
        return ReportTable(["format", "saved s a patch", "patches that pay for 1 h of staging"], rows: rows)
    }

    /// One line for each load that counts.
    var samples: [[String]] {
        results.ranking.flatMap { name, source in
            source.samples.flatMap { sample in
                sample.durations.enumerated().map { worker, duration in
                    let number = (sample.round - 1) * results.workers + worker
                    let patch = results.patches.indices.contains(number) ? results.patches[number] : nil
                    return [
                        results.tile, String(results.year), results.cache.rawValue, name, String(sample.round),
                        String(worker), patch.map { String($0.x) } ?? "", patch.map { String($0.y) } ?? "",
                        String(duration), String(sample.files), sample.bytesRead.map(String.init) ?? "",
                        sample.readCalls.map(String.init) ?? "", sample.diskBytes.map(String.init) ?? "",
                        sample.residentBefore.map { String($0) } ?? "",
                    ]
                }
            }
        }
    }

    static let sampleColumns = [
        "tile", "year", "cache", "source", "round", "worker", "x", "y", "seconds", "files", "bytes_read", "read_calls",
        "disk_bytes", "resident_before",
    ]

    /// Seconds of every load.
    var durationChart: PointChart {
        PointChart(
            title: "Seconds a patch, each dot one load, the bar the mean (logarithmic)",
            rows: results.ranking.map { ($0.name, $0.source.durations, $0.source.mean) }
        )
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private func mebibytes(_ values: [Int]) -> String {
        mean(values.map { Double($0) / Double(1 << 20) }).map { $0.significant(3) } ?? "?"
    }

    private func seconds(_ value: Double) -> String { value.significant(3) }
}

extension BenchmarkResults {
    /// The table that a run prints.
    public var summary: ReportTable { ReportChapter(self).durations }
}
