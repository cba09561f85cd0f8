/// Puts what a run measured into the form of a results file.
struct ResultsAssembly {
    private let settings: BenchmarkJob.Settings
    private let set: SourceSet
    private let run: BenchmarkRun
    private let environment: RunEnvironment
    private let others: Double?

    /// - Parameters:
    ///   - settings: The run's.
    ///   - set: Its sources.
    ///   - run: What was measured.
    ///   - environment: Machine and software.
    ///   - others: Share of the processors that other programs took during the run.
    init(
        _ settings: BenchmarkJob.Settings,
        set: SourceSet,
        run: BenchmarkRun,
        environment: RunEnvironment,
        others: Double?
    ) {
        self.settings = settings
        self.set = set
        self.run = run
        self.environment = environment
        self.others = others
    }

    func results(
        created: String,
        area: PatchArea,
        training: [TrainingWait],
        budgets: [StorageBudget]
    ) -> BenchmarkResults {
        let sharedStorages = SharedDevices.storages(set.sources.map(\.place))
        return BenchmarkResults(
            version: Version.current,
            reader: "patch-bench",
            created: created,
            tile: set.tileYear.tile,
            year: set.tileYear.year,
            seed: settings.seed,
            repeats: run.end.rounds,
            patchSize: settings.patchSize,
            area: [area.x1, area.y1, area.x2, area.y2],
            cache: settings.cache,
            workers: settings.workers[0],
            threads: settings.threads,
            products: set.identifiers,
            isSynthetic: isSynthetic,
            patches: run.patches,
            environment: environment,
            results: sources,
            baseline: settings.baseline,
            comparisons: Contest(entries: run.entries, baseline: settings.baseline).comparisons,
            control: run.control,
            sharedStorages: sharedStorages,
            validity: RunValidity(observations(sharedStorages)),
            stop: run.end,
            throughput: settings.workers.count > 1 ? throughput : [],
            training: training,
            staging: settings.staging,
            budgets: budgets
        )
    }

    private var sources: [String: [String: SourceResults]] {
        var results: [String: [String: SourceResults]] = [:]
        for (number, source) in set.sources.enumerated() {
            let measured = run.measurements[number]
            var entry = SourceResults(
                shapes: shapes,
                samples: measured.samples,
                warmUp: measured.warmUp,
                failures: measured.failures
            )
            entry.ceiling = ceiling(number)
            entry.index = index(of: source)
            results[source.place.storage.rawValue, default: [:]][source.place.formatName] = entry
        }
        return results
    }

    private var shapes: [String: [Int]] {
        Dictionary(
            uniqueKeysWithValues: set.grids.keys.map { resolution in
                let side = settings.patchSize / resolution.metres
                return (resolution.name, [set.identifiers.count, resolution.bands.count, side, side])
            }
        )
    }

    private func ceiling(_ source: Int) -> Ceiling? {
        let measured = run.measurements[source]
        let shares = measured.counted.compactMap { sample in
            measured.ceilings[sample.round].map { $0 / sample.wallClock }
        }
        guard !shares.isEmpty else { return nil }
        let mean = GeometricMean(shares)
        return Ceiling(
            means: CeilingReads.means(set.sources[source].place.store, fromCache: settings.cache == .warm),
            seconds: measured.ceilings,
            share: mean.mean,
            interval: shares.count > 1 ? [mean.low, mean.high] : nil
        )
    }

    private func index(of source: PlacedSource) -> IndexCost? {
        guard source.place.format == .safe else { return nil }
        let seconds = source.source.madeIndex ? source.openingSeconds : nil
        return IndexCost(seconds: seconds, products: source.source.identifiers.count)
    }

    private var throughput: [Throughput] {
        zip(run.contenders, run.measurements).compactMap { contender, measured in
            guard contender.role != .control, measured.failures.isEmpty, !measured.counted.isEmpty else { return nil }
            let rates = measured.counted.map(\.patchesPerSecond)
            let mean = GeometricMean(rates)
            return Throughput(
                source: set.sources[contender.source].name,
                workers: contender.workers,
                patchesPerSecond: mean.mean,
                interval: rates.count > 1 ? [mean.low, mean.high] : nil
            )
        }
    }

    private var isSynthetic: Bool {
        SyntheticProducts.areSynthetic(set.identifiers.compactMap { try? ProductName($0) })
    }

    private func observations(_ sharedStorages: [String]) -> RunObservations {
        RunObservations(
            rounds: run.end.rounds,
            sources: zip(set.sources, run.measurements).map { source, measured in
                RunObservations.Source(
                    name: source.name,
                    loads: measured.samples.count,
                    excluded: measured.samples.compactMap(\.excluded),
                    failures: measured.failures.count
                )
            },
            control: run.control,
            othersBefore: environment.busyBefore,
            othersDuring: others,
            sharedDevices: sharedStorages,
            isSynthetic: isSynthetic,
            cache: settings.cache,
            dropsEntries: run.dropsEntries,
            memoryFileSystems: memoryFileSystems
        )
    }

    private var memoryFileSystems: [String] {
        let folders = environment.fileSystems.filter { ["tmpfs", "ramfs"].contains($0.value) }.keys
        return folders.sorted()
    }
}

/// Products that `s2-synth` made, told by their names.
enum SyntheticProducts {
    /// Whether the times of sensing and of processing differ by whole minutes in all names, as they do in those of `s2-synth`;
    /// in those of real products they do once in sixty.
    static func areSynthetic(_ names: [ProductName]) -> Bool {
        !names.isEmpty && names.allSatisfy { $0.datatakeStart.suffix(2) == $0.discriminator.suffix(2) }
    }
}

/// Storages that are folders of one file system.
enum SharedDevices {
    /// The first storages that share one; empty where each has its own, or is no folder.
    static func storages(_ places: [PatchSelection.Place]) -> [String] {
        var devices: [UInt64: Set<String>] = [:]
        for place in places {
            guard let folder = place.store.properties.folder, let device = try? FileSystem.device(of: folder) else {
                continue
            }
            devices[device, default: []].insert(place.storage.rawValue)
        }
        return devices.values.filter { $0.count > 1 }.map { $0.sorted() }.min { $0[0] < $1[0] } ?? []
    }
}
