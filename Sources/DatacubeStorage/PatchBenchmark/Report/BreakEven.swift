/// Whether copying a format to the node's disk pays, and after how many patches.
public struct BreakEven: Sendable {
    /// What can be said.
    public enum Answer: Sendable, Equatable {
        /// It pays after so many patches; the interval's upper end is infinite where it may never.
        case pays(patches: Double, interval: ClosedRange<Double>)
        /// Loads from the node's disk are not faster.
        case never
        /// The interval of what a patch saves holds 0, or something was not measured.
        case unknown(String)
    }

    /// The format.
    public let format: String
    /// The answer.
    public let answer: Answer
    /// Seconds of the measured copy; nil where there is none.
    public let copySeconds: Double?
    /// Seconds a patch takes on the storage that is copied from, and on the node's disk, all workers together.
    public let secondsPerPatch: (before: Double, after: Double)
    /// Where the true ones lie in 95 of 100 runs.
    let intervals: (before: ClosedRange<Double>, after: ClosedRange<Double>)

    // The reference's jobs take three days.
    private static let jobSeconds = 3.0 * 86_400

    /// Patches that a job of three days loads without staging, and with it first; nil where the copy was not measured.
    public var patchesInThreeDays: (without: Double, with: Double)? {
        guard let copySeconds, secondsPerPatch.before > 0, secondsPerPatch.after > 0 else { return nil }
        let left = max(0, Self.jobSeconds - copySeconds)
        return (Self.jobSeconds / secondsPerPatch.before, left / secondsPerPatch.after)
    }

    init(format: String, from before: SourceResults, to after: SourceResults, copy: CopyRecord.Copy?) {
        self.format = format
        copySeconds = copy.flatMap { $0.isWhole ? $0.seconds : nil }
        secondsPerPatch = (1 / before.patchesPerSecond, 1 / after.patchesPerSecond)
        intervals = (Self.interval(before), Self.interval(after))
        answer = Self.answer(Self.saved(before, after), copy: copy)
    }

    /// One that cannot be answered.
    init(format: String, from before: SourceResults, to after: SourceResults, doubt: String) {
        self.format = format
        copySeconds = nil
        secondsPerPatch = (1 / before.patchesPerSecond, 1 / after.patchesPerSecond)
        intervals = (Self.interval(before), Self.interval(after))
        answer = .unknown(doubt)
    }

    // What is longer than thirty years or shorter than a nanosecond is no measurement but a file that was altered.
    private static let plausible = 1e-9...1e9

    /// Seconds a patch takes in each round, all workers together.
    private static func seconds(_ source: SourceResults) -> [Int: Double] {
        let counted = source.samples.filter { $0.excluded == nil }.map { ($0.round, 1 / $0.patchesPerSecond) }
        return Dictionary(counted.filter { plausible.contains($0.1) }) { first, _ in first }
    }

    private static func interval(_ source: SourceResults) -> ClosedRange<Double> {
        let mean = GeometricMean(Array(seconds(source).values))
        return mean.low <= mean.high ? mean.low...mean.high : 0...(.infinity)
    }

    /// Seconds that a patch saves, round by round.
    private static func saved(_ before: SourceResults, _ after: SourceResults) -> [Double] {
        let (slow, fast) = (seconds(before), seconds(after))
        return slow.keys.sorted().compactMap { round in fast[round].map { (slow[round] ?? .nan) - $0 } }
    }

    private static func answer(_ saved: [Double], copy: CopyRecord.Copy?) -> Answer {
        guard saved.count >= RatioComparison.fewestRounds else { return .unknown("too few rounds") }
        let estimate = MeanEstimate(saved)
        if estimate.interval.upperBound <= 0 { return .never }
        guard let copy else { return .unknown("no copy was measured") }
        guard copy.isWhole, plausible.contains(copy.seconds) else {
            return .unknown("the measured copy is not of the whole set")
        }
        guard estimate.interval.lowerBound > 0 else { return .unknown("the difference may be chance") }
        let seconds = copy.seconds
        return .pays(
            patches: seconds / estimate.mean,
            interval: (seconds / estimate.interval.upperBound)...(seconds / estimate.interval.lowerBound)
        )
    }
}

extension BenchmarkResults {
    /// Each format that was measured on the node's disk and where it was copied from.
    var breakEvens: [BreakEven] {
        let source = (staging?.from ?? .network).rawValue
        let isOneDevice = sharedStorages.contains(source) && sharedStorages.contains("temp")
        let origin = results[source] ?? [:]
        let node = results["temp"] ?? [:]
        return origin.keys.sorted().compactMap { format in
            guard let before = origin[format], let after = node[format], before.failures.isEmpty,
                after.failures.isEmpty, !before.durations.isEmpty, !after.durations.isEmpty
            else { return nil }
            if let doubt = isOneDevice ? "both storages are one device" : permitsVerdicts ? nil : "the run is doubtful"
            {
                return BreakEven(format: format, from: before, to: after, doubt: doubt)
            }
            // Both readings of SAFE are of the same files.
            let copied = format == "safe_no_index" ? "safe" : format
            return BreakEven(format: format, from: before, to: after, copy: staging?.copies[copied])
        }
    }

    /// Whether nothing but storages that are one device is in doubt: all else can be judged then.
    var permitsVerdicts: Bool {
        validity.reasons.allSatisfy { $0 == RunValidity.sharedDevice(sharedStorages) }
    }

    /// Patches of which a tile has as many as cover it once, the length of an epoch.
    var patchesPerEpoch: Double {
        guard area.count == 4, patchSize > 0 else { return .nan }
        let (width, height) = (Double(area[2]) - Double(area[0]), Double(area[1]) - Double(area[3]))
        return width * height / Double(patchSize * patchSize)
    }
}
