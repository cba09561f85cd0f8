public import Logging

/// Proves that all sources hold the same data: every date, band and position of a tile-year, where its pixels lie, and what is
/// recorded of each date.
public struct VerificationJob: Sendable {
    /// What to compare.
    public struct Settings: Sendable {
        /// Storages, formats, tile and year.
        ///
        /// The first place of products as delivered is what the others are compared with; without one, the first place.
        public var selection: PatchSelection
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(selection: PatchSelection, options: RunOptions) {
            self.selection = selection
            self.options = options
        }
    }

    private let settings: Settings
    private let log: Logger
    private let threads: PatchThreads

    /// Creates a job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
        threads = PatchThreads(settings.options.jobs)
    }

    /// Compares block by block, two arrays of at most 197 MB at a time.
    ///
    /// - Returns: a failure for each source whose pixels differ, for each thing of coordinates and metadata that is said
    ///   differently, for each damaged product, and for each source that has other processings than it should.
    /// - Throws: ``PipelineError`` when a source is missing or cannot be read.
    public func run() async throws -> JobOutcome {
        var outcome = try await endingCallsOnCancellation(settings.selection.places.map(\.store)) {
            try await compareAll()
        }
        outcome.failuresAreFindings = !outcome.failures.isEmpty
        return outcome
    }

    private func compareAll() async throws -> JobOutcome {
        let dryRun = settings.options.dryRun
        var sources = try await DescribedSources.open(
            settings.selection,
            indices: dryRun ? .use : .keep,
            on: threads,
            log: log
        )
        if !dryRun { sources = try await sources.withoutDamaged(on: threads, log: log) }
        let findings = VerificationFindings(sources)
        let set: SourceSet
        do throws(PipelineError) {
            set = try SourceSet(sources.tileYear, sources: findings.comparable)
        } catch {
            guard !findings.failures.isEmpty else { throw error }
            return JobOutcome(failures: findings.failures + ["\(error)"])
        }
        let blocks = VerificationBlock.all(dates: set.identifiers.count, grids: set.grids)
        announce(set, of: blocks)
        guard !dryRun else { return JobOutcome() }
        let pixels = try await settled(compare(blocks, set: set), of: set.sources[0])
        return await outcome(set, findings: findings, pixels: pixels, blocks: blocks)
    }

    private func announce(_ set: SourceSet, of blocks: [VerificationBlock]) {
        let names = set.sources.map { $0.name }.joined(separator: ", ")
        let pixels = (Double(Self.pixels(of: blocks)) / 1e6).fixed(0)
        log.info("\(set.tileYear): \(set.identifiers.count) dates, \(pixels) Mpixel each in \(names)")
    }

    private static func pixels(of blocks: [VerificationBlock]) -> Int { blocks.reduce(0) { $0 + $1.pixelCount } }

    private func compare(_ blocks: [VerificationBlock], set: SourceSet) async throws -> [PixelFindings] {
        let progress = Progress(
            "verification",
            total: Self.pixels(of: blocks) * set.sources.count,
            unit: .pixels,
            style: settings.options.progress,
            log: log
        )
        var comparison = PixelComparison(set, on: threads, progress: progress)
        for block in blocks { try await comparison.compare(block) }
        progress.finish()
        return comparison.findings
    }

    /// Where pixels differ it may be the first source that is damaged: then the difference is its own, not the others'.
    private func settled(
        _ found: [PixelFindings],
        of reference: PlacedSource
    ) async throws -> [PixelFindings] {
        let suspects = Set(found.flatMap(\.differences.keys))
        guard !suspects.isEmpty else { return found }
        let executor = threads.executor(for: reference.place.store)
        let damaged = try await reference.source.damage(among: suspects, on: executor)
        var settled = found.map { $0.without(Set(damaged.keys)) }
        for (product, error) in damaged { settled[0].add(error, of: product) }
        return settled
    }

    private func outcome(
        _ set: SourceSet,
        findings: VerificationFindings,
        pixels: [PixelFindings],
        blocks: [VerificationBlock]
    ) async -> JobOutcome {
        var outcome = JobOutcome(failures: findings.failures)
        let reference = set.sources[0].name
        for (number, (source, found)) in zip(set.sources, pixels).enumerated() {
            outcome.failures += await failures(of: source, found, reference: reference, tileYear: set.tileYear)
            if number > 0, found.isEmpty, !findings.differing.contains(source.name) {
                outcome.finished += 1
                let dates = set.identifiers.count - pixels[0].failures.count
                let count = Self.pixels(of: blocks) / set.identifiers.count * dates
                let compared = "\(count) pixels of \(dates) dates"
                log.info("\(source.name) = \(reference): \(compared), coordinates and metadata are equal")
            }
        }
        return outcome
    }

    private func failures(
        of source: PlacedSource,
        _ found: PixelFindings,
        reference: String,
        tileYear: TileYear
    ) async -> [String] {
        guard !found.isEmpty else { return [] }
        let command = await FileRestoration.find(source.place, of: tileYear, on: threads.processors).command
        var failures = found.failures.sorted { $0.key < $1.key }.map { product, error in
            "\(error.within("\(source.name): \(product)")); restore it with: \(command)"
        }
        let differences = found.differences.sorted { $0.key < $1.key }.map(\.value)
        if let first = differences.first?.first {
            let planes = "\(differences.reduce(0) { $0 + $1.planes }) planes differ from \(reference)"
            failures.append("mismatch: \(source.name): \(planes), first \(first); convert or stage again")
        }
        return failures
    }
}
