/// What a run's validity is judged by.
struct RunObservations: Sendable {
    /// One source of the run.
    struct Source: Sendable {
        let name: String
        let loads: Int
        let excluded: [String]
        let failures: Int
    }

    var rounds: Int
    var sources: [Source]
    var control: RatioComparison?
    /// Share of this process's processors that others took before and during the run.
    var othersBefore: Double?
    var othersDuring: Double?
    /// Storages of one device.
    var sharedDevices: [String]
    var isSynthetic: Bool
    var cache: CacheState
    /// Whether directory entries and inodes were dropped before cold loads.
    var dropsEntries: Bool
    /// What a patch reads cannot be kept from memory: file systems that are memory.
    var memoryFileSystems: [String]
}

extension RunValidity {
    // A fifth of the samples gone is a run of other samples; a tenth of the processors is a load that moves means.
    private static let (mostExcluded, mostOthers) = (0.2, 0.1)
    // Far rarer by chance than the level of a verdict: one run in a hundred.
    private static let controlLevel = 0.01

    /// Judges a run.
    init(_ run: RunObservations) {
        self.init(reasons: Self.reasons(run), warnings: Self.warnings(run))
    }

    /// Two storages of one device do not differ; a difference is one of order or chance.
    static func sharedDevice(_ storages: [String]) -> String {
        "\(storages.joined(separator: " and ")) lie on one device, so that they cannot differ"
    }

    private static func reasons(_ run: RunObservations) -> [String] {
        var reasons: [String] = []
        if run.rounds < RatioComparison.fewestRounds {
            reasons.append("\(run.rounds) round(s), and no verdict below \(RatioComparison.fewestRounds)")
        }
        reasons += run.sources.filter { Double($0.excluded.count) > mostExcluded * Double($0.loads) }.map { source in
            "\(source.excluded.count) of \(source.loads) samples of \(source.name) do not count (\(source.excluded[0]))"
        }
        for (when, share) in [("before", run.othersBefore), ("during", run.othersDuring)] {
            guard let share, share > mostOthers else { continue }
            reasons.append("other programs took \((share * 100).fixed(0)) % of the processors \(when) the run")
        }
        if run.sharedDevices.count > 1 { reasons.append(sharedDevice(run.sharedDevices)) }
        if run.cache == .cold, !run.memoryFileSystems.isEmpty {
            reasons.append("\(run.memoryFileSystems.joined(separator: ", ")) is memory and cannot be cold")
        }
        if let control = run.control, control.different != nil, control.p <= controlLevel {
            reasons.append("\(control.a) differs from itself by a factor of \(control.ratio.significant(3))")
        }
        return reasons
    }

    private static func warnings(_ run: RunObservations) -> [String] {
        var warnings: [String] = []
        if run.rounds >= RatioComparison.fewestRounds, run.rounds < StopRule.usualRounds {
            warnings.append("\(run.rounds) rounds; intervals are safer from \(StopRule.usualRounds) on")
        }
        warnings += run.sources.filter { $0.failures > 0 }.map { "\($0.name): \($0.failures) load(s) failed" }
        warnings += run.sources.filter { !$0.excluded.isEmpty }.map {
            "\($0.name): \($0.excluded.count) sample(s) do not count, the first because it was \($0.excluded[0])"
        }
        if run.cache == .uncontrolled { warnings.append("the page cache was left as it was: neither cold nor warm") }
        if run.cache == .cold {
            warnings.append(
                run.dropsEntries
                    ? "directory entries and inodes were dropped before each cold load"
                    : "directory entries and inodes stay in memory, which favours formats of many files"
            )
        }
        if run.isSynthetic { warnings.append("the products are synthetic") }
        if let control = run.control, control.different == true, control.p > controlLevel {
            warnings.append(
                "\(control.a) differs from itself (p \(control.p.significant(2))), as one run in twenty does"
            )
        }
        return warnings
    }
}
