/// All loads of a run as a tidy table: a line a load, with what its round cost and why it does not count.
struct SampleLines {
    let results: BenchmarkResults

    static let columns = [
        "created", "reader", "version", "host", "tile", "year", "synthetic", "cache", "storage", "format", "workers",
        "threads", "round", "worker", "x", "y", "seconds", "excluded", "files", "opens", "read_calls", "bytes_read",
        "disk_bytes", "decoded_bytes", "patch_bytes", "user_seconds", "system_seconds", "peak_memory",
        "resident_before", "retries",
    ]

    var rows: [[String]] {
        results.storages.flatMap { storage in
            results.formats.flatMap { format -> [[String]] in
                guard let source = results.results[storage]?[format] else { return [] }
                return source.samples.flatMap { rows($0, of: source, name: [storage, format]) }
            }
        }
    }

    private func rows(_ sample: Sample, of source: SourceResults, name: [String]) -> [[String]] {
        sample.durations.enumerated().map { worker, seconds in
            let number = (sample.round - 1) * results.workers + worker
            let patch = results.patches.indices.contains(number) ? results.patches[number] : nil
            return run + name + [
                String(results.workers), String(results.threads), String(sample.round), String(worker),
            ]
                + [text(patch?.x), text(patch?.y), String(seconds), sample.excluded ?? ""] + costs(sample, of: source)
        }
    }

    private var run: [String] {
        [
            results.created, results.reader, results.version, results.environment.host, results.tile,
            String(results.year), String(results.isSynthetic), results.cache.rawValue,
        ]
    }

    /// What the round cost, all its workers together.
    private func costs(_ sample: Sample, of source: SourceResults) -> [String] {
        [
            String(sample.files), text(sample.opens), text(sample.readCalls), text(sample.bytesRead),
            text(sample.diskBytes), text(sample.decodedBytes), String(source.patchBytes), text(sample.userSeconds),
            text(sample.systemSeconds), text(sample.peakMemory), text(sample.residentBefore), text(sample.retries),
        ]
    }

    private func text(_ value: (some LosslessStringConvertible)?) -> String { value.map { String($0) } ?? "" }
}
