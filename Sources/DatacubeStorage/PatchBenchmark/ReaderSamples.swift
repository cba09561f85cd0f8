import FoundationEssentials

/// What another reader took for the patches of a plan, as the program that ran it wrote it down.
///
/// It becomes a results file like those of `patch-bench run`, with the same statistics. Formats are ranked within a reader:
/// people keep theirs. The names of the JSON keys are a contract with scripts that write them.
public struct ReaderSamples: Codable, Sendable {
    /// One load of one patch.
    public struct Load: Codable, Sendable {
        /// Storage, such as `temp`.
        public var storage: String
        /// Format, such as `zarr`.
        public var format: String
        /// Round of the plan; 0 is the warm-up.
        public var round: Int
        /// Seconds.
        public var seconds: Double
        /// Share of the files that was in the page cache before.
        public var residentBefore: Double?
        /// Bytes that came from a disk.
        public var diskBytes: Int?

        enum CodingKeys: String, CodingKey {
            case storage, format, round, seconds
            case residentBefore = "resident_before"
            case diskBytes = "disk_bytes"
        }
    }

    /// The reader with its version and settings, such as `tensorstore 0.1.78 (2 threads)`.
    public var reader: String
    /// What the page cache held when the clock started.
    public var cache: CacheState
    /// Threads that loaded.
    public var threads: Int
    /// All loads.
    public var loads: [Load]

    /// Reads what a program wrote.
    ///
    /// - Throws: ``PipelineError`` naming the file when it is none, or its numbers cannot be.
    public init(file path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw PipelineError(.corrupt, "\(path) holds no samples of a reader", cause: String(describing: error))
        }
        let isPlausible = loads.allSatisfy { load in
            (0...1 << 20).contains(load.round) && load.seconds > 0 && load.seconds.isFinite
                && (0...1).contains(load.residentBefore ?? 0) && (load.diskBytes ?? 0) >= 0
        }
        guard isPlausible, !loads.isEmpty, (1...65_536).contains(threads) else {
            throw PipelineError(.corrupt, "\(path): rounds, seconds or threads are not those of loads")
        }
    }

    /// The samples with what follows from them, of the patches of a plan.
    public func results(_ plan: PatchPlanFile, created: String = Timestamp.now().description) -> BenchmarkResults {
        let sources = Dictionary(grouping: loads) { "\($0.storage) \($0.format)" }
        let results = sources.mapValues { Self.results($0, plan: plan) }
        let entries = results.keys.sorted().compactMap { name in
            results[name].map { Contest.Entry(name: name, seconds: $0.secondsByRound) }
        }
        let rounds = Set(loads.map(\.round)).subtracting([0]).count
        let synthetic = SyntheticProducts.areSynthetic(plan.products.compactMap { try? ProductName($0) })
        let comparisons = Contest(entries: entries).comparisons
        return BenchmarkResults(
            version: Version.current,
            reader: reader,
            created: created,
            tile: plan.tile,
            year: plan.year,
            seed: plan.seed,
            repeats: rounds,
            patchSize: plan.patchSize,
            area: plan.bounds,
            cache: cache,
            workers: 1,
            threads: threads,
            products: plan.products,
            isSynthetic: synthetic,
            patches: plan.rounds.dropFirst().flatMap(\.patches).map { PatchRecord(x: $0.x, y: $0.y, checksums: [:]) },
            environment: .current(folders: []),
            results: Self.byStorage(results),
            comparisons: comparisons,
            sharedStorages: [],
            validity: validity(results, rounds: rounds, synthetic: synthetic),
            stop: RunEnd(rule: "rounds", rounds: rounds, seconds: loads.reduce(0) { $0 + $1.seconds }),
            throughput: [],
            training: [],
            budgets: []
        )
    }

    private static func results(_ loads: [Load], plan: PatchPlanFile) -> SourceResults {
        let samples = loads.filter { $0.round > 0 }.sorted { $0.round < $1.round }.map { load in
            Sample(
                round: load.round,
                durations: [load.seconds],
                wallClock: load.seconds,
                files: 0,
                residentBefore: load.residentBefore,
                diskBytes: load.diskBytes
            )
        }
        return SourceResults(
            shapes: plan.shapes,
            samples: samples,
            warmUp: loads.filter { $0.round == 0 }.map(\.seconds),
            failures: []
        )
    }

    private static func byStorage(_ results: [String: SourceResults]) -> [String: [String: SourceResults]] {
        results.reduce(into: [:]) { all, entry in
            let parts = entry.key.split(separator: " ", maxSplits: 1).map(String.init)
            all[parts[0], default: [:]][parts.last ?? ""] = entry.value
        }
    }

    private func validity(_ results: [String: SourceResults], rounds: Int, synthetic: Bool) -> RunValidity {
        RunValidity(
            RunObservations(
                rounds: rounds,
                sources: results.keys.sorted().map { name in
                    let loads = results[name]?.samples.count ?? 0
                    return RunObservations.Source(name: name, loads: loads, excluded: [], failures: 0)
                },
                sharedDevices: [],
                isSynthetic: synthetic,
                cache: cache,
                dropsEntries: false,
                memoryFileSystems: []
            )
        )
    }
}

extension PatchPlanFile {
    /// `[time, band, y, x]` by resolution.
    fileprivate var shapes: [String: [Int]] {
        Dictionary(
            uniqueKeysWithValues: Resolution.allCases.map { resolution in
                let side = patchSize / resolution.metres
                return (resolution.name, [products.count, resolution.bands.count, side, side])
            }
        )
    }

    /// What the patches cover, `x1 y1 x2 y2`: a plan does not tell where others might have been drawn.
    fileprivate var bounds: [Int] {
        let corners = rounds.flatMap(\.patches)
        let (x, y) = (corners.map(\.x), corners.map(\.y))
        return [
            x.min() ?? upperLeft.x, y.max() ?? upperLeft.y, (x.max() ?? upperLeft.x) + patchSize,
            (y.min() ?? upperLeft.y) - patchSize,
        ]
    }
}
