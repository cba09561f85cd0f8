/// The outcome of a benchmark run, as it stands in the results file.
///
/// The names of the JSON keys are a contract with scripts that read them; durations are seconds.
public struct BenchmarkResults: Codable, Sendable {
    /// Tool version.
    public var version: String
    /// What loaded the patches: `patch-bench`, or another reader whose figures were written in this form.
    public var reader: String
    /// When the run began, UTC.
    public var created: String
    /// MGRS tile.
    public var tile: String
    /// Year.
    public var year: Int
    /// What the patches were drawn with.
    public var seed: UInt64
    /// Rounds that count; one more came before them as a warm-up.
    public var repeats: Int
    /// Side of a patch, metres.
    public var patchSize: Int
    /// `x1 y1 x2 y2` in metres: upper left and lower right corner.
    public var area: [Int]
    /// `cold`, `warm` or `uncontrolled`.
    public var cache: CacheState
    /// Patches loaded at once; other numbers of workers stand in ``throughput``.
    public var workers: Int
    /// Threads of each worker.
    public var threads: Int
    /// The products, in the order of the time axis.
    public var products: [String]
    /// Whether the products were made by `s2-synth`.
    public var isSynthetic: Bool
    /// The patches that count, in the order in which they were loaded.
    public var patches: [PatchRecord]
    /// Machine and software.
    public var environment: RunEnvironment
    /// By storage, then by format; SAFE that was read without its index is the format `safe_no_index`.
    public var results: [String: [String: SourceResults]]
    /// The source that all others were compared with, if one was named beforehand.
    public var baseline: String?
    /// All pairs of sources, or those with the baseline; sources with failures are left out.
    public var comparisons: [RatioComparison]
    /// One source compared with itself under another name; nil where there was nothing to compare.
    public var control: RatioComparison?
    /// Storages that are folders of one device; empty where each has its own.
    public var sharedStorages: [String]
    /// Whether the run may be quoted.
    public var validity: RunValidity
    /// Why the run ended when it did.
    public var stop: RunEnd
    /// Patches a second with each number of workers; empty where only one was measured.
    public var throughput: [Throughput]
    /// How long a consumer with steps of a fixed length had to wait; empty where none was simulated.
    public var training: [TrainingWait]
    /// What staging measured, by format.
    public var staging: CopyRecord?
    /// What a tile-year takes, and what the storages have, as far as that is known.
    public var budgets: [StorageBudget]

    enum CodingKeys: String, CodingKey {
        case version, reader, created, tile, year, seed, area, cache, workers, threads, products, patches, environment
        case results, baseline, comparisons, control, validity, stop, throughput, training, staging, budgets
        case repeats = "num_repeats"
        case patchSize = "patch_size"
        case isSynthetic = "synthetic"
        case sharedStorages = "shared_device"
    }

    /// All sources with their names, such as `temp zarr`; those without a failure first, then the fastest.
    public var ranking: [(name: String, source: SourceResults)] {
        func key(_ entry: (name: String, source: SourceResults)) -> (Int, Double, String) {
            let mean = entry.source.geometricMean ?? .infinity
            return (entry.source.failures.isEmpty ? 0 : 1, mean, entry.name)
        }
        return results.flatMap { storage, formats in formats.map { ("\(storage) \($0.key)", $0.value) } }
            .sorted { key($0) < key($1) }
    }
}

/// A patch and what it holds.
public struct PatchRecord: Codable, Sendable {
    /// Easting of the left edge, metres.
    public var x: Int
    /// Northing of the upper edge, metres.
    public var y: Int
    /// By resolution: CRC-32 of the little-endian CRC-32 of every plane `(time, band)`; the same for all sources.
    public var checksums: [String: UInt32]
}

/// When a run ended.
public struct RunEnd: Codable, Sendable, Equatable {
    /// `rounds`, `time_budget`, `precision`, or `turns` where another program ended it.
    public var rule: String
    /// Rounds that count.
    public var rounds: Int
    /// Seconds that the run took.
    public var seconds: Double
}

/// Patches that some workers load in a second, all together.
public struct Throughput: Codable, Sendable, Equatable {
    /// Name of the source, such as `temp zarr`.
    public var source: String
    /// Workers at once.
    public var workers: Int
    /// Geometric mean over the rounds.
    public var patchesPerSecond: Double
    /// Its 95 % interval; nil for a single round.
    public var interval: [Double]?

    enum CodingKeys: String, CodingKey {
        case source, workers, interval
        case patchesPerSecond = "patches_per_second"
    }
}

/// How busy loading keeps a consumer that takes a patch, works for a fixed time, and takes the next.
public struct TrainingWait: Codable, Sendable, Equatable {
    /// Name of the source.
    public var source: String
    /// Workers that load.
    public var workers: Int
    /// Patches that each worker loads ahead.
    public var prefetch: Int
    /// Milliseconds that the consumer works on each patch.
    public var step: Double
    /// Share of the time that it worked, from 0 to 1.
    public var utilisation: Double
    /// 95 % interval over the rounds; nil for a single one.
    public var interval: [Double]?

    enum CodingKeys: String, CodingKey {
        case source, workers, prefetch, utilisation, interval
        case step = "step_ms"
    }
}

/// What one format's tile-year takes on one storage, and what the storage has.
public struct StorageBudget: Codable, Sendable, Equatable {
    /// Storage, such as `network`.
    public var storage: String
    /// Format, such as `zarr`.
    public var format: String
    /// Files or objects, and bytes, of the tile-year.
    public var takes: TileYearBudget
    /// What the site gives; nil where nothing is known.
    public var quota: StorageQuota?
}

/// What the page cache holds of a patch's files when its clock starts.
public enum CacheState: String, Codable, Sendable, CaseIterable {
    /// Nothing: the files are evicted before each load.
    case cold
    /// All that the load needs: the same patch is loaded once before.
    case warm
    /// Whatever is there, as in the reference.
    case uncontrolled
}

extension BenchmarkResults {
    /// A source finished, or failed with the loads that it could not finish.
    public var outcome: JobOutcome {
        let sources = results.values.flatMap(\.values)
        return JobOutcome(finished: sources.count { !$0.durations.isEmpty }, failures: sources.flatMap(\.failures))
    }
}
