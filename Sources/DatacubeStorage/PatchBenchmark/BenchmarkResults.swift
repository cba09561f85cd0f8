/// The outcome of a benchmark run, as it stands in the results file.
///
/// The names of the JSON keys are a contract with scripts that read them; durations are seconds.
public struct BenchmarkResults: Codable, Sendable {
    /// Tool version.
    public var version: String
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
    /// Patches loaded at once.
    public var workers: Int
    /// Threads of each worker.
    public var threads: Int
    /// The products, in the order of the time axis.
    public var products: [String]
    /// The patches that count, in the order in which they were loaded.
    public var patches: [PatchRecord]
    /// Machine and software.
    public var environment: RunEnvironment
    /// By storage, then by format.
    public var results: [String: [String: SourceResults]]
    /// Each source against the fastest.
    public var comparisons: [PairedComparison]

    enum CodingKeys: String, CodingKey {
        case version, created, tile, year, seed, area, cache, workers, threads, products, patches, environment
        case results, comparisons
        case repeats = "num_repeats"
        case patchSize = "patch_size"
    }

    /// All sources with their names, such as `temp zarr`, fastest first.
    public var ranking: [(name: String, source: SourceResults)] {
        results.flatMap { storage, formats in formats.map { ("\(storage) \($0.key)", $0.value) } }
            .sorted { ($0.1.mean, $0.0) < ($1.1.mean, $1.0) }
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

/// How one format did on one storage.
public struct SourceResults: Codable, Sendable {
    /// Seconds of each patch that counts.
    public var durations: [Double]
    /// `[time, band, y, x]` by resolution.
    public var bandGroupShapes: [String: [Int]]
    /// Sum of the durations.
    public var total: Double
    /// Their mean.
    public var mean: Double
    /// Sample standard deviation.
    public var deviation: Double
    /// Standard error of the mean, `std / √n`.
    public var standardError: Double
    /// Median.
    public var p50: Double
    /// 95th percentile.
    public var p95: Double
    /// 99th percentile.
    public var p99: Double
    /// The round that does not count.
    public var warmUp: [Double]
    /// What each round cost besides time.
    public var samples: [Sample]
    /// Patches loaded in a second of wall-clock time, all workers together.
    public var patchesPerSecond: Double
    /// Bytes of pixels that a patch delivers.
    public var patchBytes: Int
    /// One line for each load that failed.
    public var failures: [String]

    enum CodingKeys: String, CodingKey {
        case durations, samples, failures, p50, p95, p99
        case bandGroupShapes = "band_group_shapes"
        case total = "total_duration"
        case mean = "mean_durations"
        case deviation = "std_durations"
        case standardError = "stderr_durations"
        case warmUp = "warm_up_durations"
        case patchesPerSecond = "patches_per_second"
        case patchBytes = "patch_bytes"
    }

    init(shapes: [String: [Int]], samples: [Sample], warmUp: [Double], failures: [String]) {
        let statistics = DurationStatistics(samples.flatMap(\.durations))
        durations = samples.flatMap(\.durations)
        bandGroupShapes = shapes
        (total, mean, deviation) = (statistics.total, statistics.mean, statistics.deviation)
        standardError = statistics.standardError
        (p50, p95, p99) = (statistics.median, statistics.quantile(0.95), statistics.quantile(0.99))
        self.samples = samples
        self.warmUp = warmUp
        self.failures = failures
        patchesPerSecond = Double(durations.count) / samples.reduce(0) { $0 + $1.wallClock }
        patchBytes = shapes.values.reduce(0) { $0 + $1.reduce(2, *) }
    }
}

/// One round of one source.
public struct Sample: Codable, Sendable {
    /// Position of the round.
    public var round: Int
    /// Seconds of each worker's patch.
    public var durations: [Double]
    /// Seconds until all workers were done.
    public var wallClock: Double
    /// Files or objects that hold the patches.
    public var files: Int
    /// Share of the files' pages in the page cache before the load, by `mincore`; absent for objects on S3.
    public var residentBefore: Double?
    /// Bytes that `read` calls returned, or that S3 sent; absent where the kernel does not tell.
    public var bytesRead: Int?
    /// Number of `read` calls, or of requests to S3, repeated ones included.
    public var readCalls: Int?
    /// Bytes that came from a disk.
    public var diskBytes: Int?
    /// Requests to S3 that repeated a failed one.
    public var retries: Int?

    enum CodingKeys: String, CodingKey {
        case round, durations, files, retries
        case wallClock = "wall_clock"
        case residentBefore = "resident_before"
        case bytesRead = "bytes_read"
        case readCalls = "read_calls"
        case diskBytes = "disk_bytes"
    }
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
