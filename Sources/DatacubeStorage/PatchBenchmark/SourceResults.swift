import Glibc

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
    /// Standard error of the mean over the rounds, `std / √n`; loads of one round are one value.
    public var standardError: Double
    /// Geometric mean over the rounds, seconds; nil where no load counts.
    public var geometricMean: Double?
    /// Its 95 % interval, seconds; nil below two rounds.
    public var interval: [Double]?
    /// Median.
    public var p50: Double
    /// 95th percentile; nil below 20 loads.
    public var p95: Double?
    /// 99th percentile; nil below 300 loads.
    public var p99: Double?
    /// The round that does not count.
    public var warmUp: [Double]
    /// What each round cost besides time; those that do not count have a reason in `excluded`.
    public var samples: [Sample]
    /// Patches loaded in a second of wall-clock time, all workers together.
    public var patchesPerSecond: Double
    /// Bytes of pixels that a patch delivers.
    public var patchBytes: Int
    /// Seconds in which the same bytes are read and nothing is done with them; nil where that was not measured.
    public var ceiling: Ceiling?
    /// Seconds that the making of the index took, and its bytes, for SAFE that was read with one.
    public var index: IndexCost?
    /// One line for each load that failed.
    public var failures: [String]

    enum CodingKeys: String, CodingKey {
        case durations, samples, failures, interval, p50, p95, p99, ceiling, index
        case bandGroupShapes = "band_group_shapes"
        case total = "total_duration"
        case mean = "mean_durations"
        case deviation = "std_durations"
        case standardError = "stderr_durations"
        case geometricMean = "geometric_mean"
        case warmUp = "warm_up_durations"
        case patchesPerSecond = "patches_per_second"
        case patchBytes = "patch_bytes"
    }

    // Percentiles near the end of a distribution hang on single loads where there are fewer.
    private static let (fewestForP95, fewestForP99) = (20, 300)

    init(shapes: [String: [Int]], samples: [Sample], warmUp: [Double], failures: [String]) {
        let counted = samples.filter { $0.excluded == nil }
        let statistics = DurationStatistics(counted.flatMap(\.durations))
        let rounds = counted.map(\.roundSeconds)
        durations = counted.flatMap(\.durations)
        bandGroupShapes = shapes
        (total, mean, deviation) = (statistics.total, statistics.mean, statistics.deviation)
        standardError = DurationStatistics(counted.map { DurationStatistics($0.durations).mean }).standardError
        let geometric = GeometricMean(rounds)
        geometricMean = rounds.isEmpty ? nil : geometric.mean
        interval = rounds.count < 2 ? nil : [geometric.low, geometric.high]
        p50 = statistics.median
        p95 = statistics.count < Self.fewestForP95 ? nil : statistics.quantile(0.95)
        p99 = statistics.count < Self.fewestForP99 ? nil : statistics.quantile(0.99)
        self.samples = samples
        self.warmUp = warmUp
        self.failures = failures
        patchesPerSecond = GeometricMean(counted.map(\.patchesPerSecond)).mean
        patchBytes = shapes.values.reduce(0) { $0 + $1.reduce(2, *) }
    }

    /// Seconds by round, of the rounds that count.
    var secondsByRound: [Int: Double] {
        Dictionary(samples.filter { $0.excluded == nil }.map { ($0.round, $0.roundSeconds) }) { first, _ in first }
    }
}

/// What the device and the network allow: the same ranges read, and nothing done with them.
public struct Ceiling: Codable, Sendable, Equatable {
    /// `direct reads` past the page cache, or `requests` to S3, with as many in flight as the loads have.
    public var means: String
    /// Seconds of each round, in turn with the loads.
    public var seconds: [Int: Double]
    /// Geometric mean of ceiling divided by load: 1 is as fast as the device.
    public var share: Double
    /// Its 95 % interval; nil for a single round.
    public var interval: [Double]?
}

/// What an index of tile-parts costs.
public struct IndexCost: Codable, Sendable, Equatable {
    /// Seconds in which the indices of all products of the run were made; nil where they were there.
    public var seconds: Double?
    /// Products.
    public var products: Int
}

/// One round of one source.
public struct Sample: Codable, Sendable {
    /// Position of the round.
    public var round: Int
    /// Seconds of each patch.
    public var durations: [Double]
    /// Seconds until all workers were done.
    public var wallClock: Double
    /// Patches a second: the sum of what each worker loads in the time until its own last patch.
    public var rate: Double?
    /// Files or objects that hold the patches.
    public var files: Int
    /// Share of the ranges that the load read which was in the page cache before, by `mincore`; absent for objects on S3.
    public var residentBefore: Double?
    /// Bytes that the readers asked of the files, through `mmap` too, or that S3 sent.
    public var bytesRead: Int?
    /// Reads of a range of a file, or requests to S3, repeated ones included.
    public var readCalls: Int?
    /// Files that were opened.
    public var opens: Int?
    /// Bytes that came from a disk, by the kernel's count for the process; absent where it does not tell.
    public var diskBytes: Int?
    /// Bytes of pixels that decoders delivered, of which the patches are a part.
    public var decodedBytes: Int?
    /// Seconds of processors in the program itself.
    public var userSeconds: Double?
    /// Seconds of processors in the kernel on its behalf.
    public var systemSeconds: Double?
    /// Most memory that the process held during the load, bytes.
    public var peakMemory: Int?
    /// Requests to S3 that repeated a failed one.
    public var retries: Int?
    /// Why the sample does not count; nil where it does.
    public var excluded: String?

    enum CodingKeys: String, CodingKey {
        case round, durations, rate, files, opens, retries, excluded
        case wallClock = "wall_clock"
        case residentBefore = "resident_before"
        case bytesRead = "bytes_read"
        case readCalls = "read_calls"
        case diskBytes = "disk_bytes"
        case decodedBytes = "decoded_bytes"
        case userSeconds = "user_seconds"
        case systemSeconds = "system_seconds"
        case peakMemory = "peak_memory"
    }

    /// The round's value: the geometric mean of its durations.
    var roundSeconds: Double { GeometricMean(durations).mean }

    var patchesPerSecond: Double { rate ?? Double(durations.count) / wallClock }
}
