import Logging
import Synchronization

/// One run of an intake: asks, fetches product by product, and keeps count.
final class IntakeRun: Sendable {
    private struct State {
        var outcome = JobOutcome()
        /// What ended the run, if something did.
        var reason: PipelineError?
    }

    // The files of one fill the connections that the last ones of another leave idle, and come while those are verified.
    // So many have enough large files to fill the lanes of a hash.
    private static let productsAtOnce = 4

    private let settings: IntakeJob.Settings
    private let years: IntakeYears
    private let threads: IntakeThreads
    private let progress: Progress
    private let log: Logger
    private let start = SystemClock.seconds()
    private let state = Mutex(State())

    init(_ settings: IntakeJob.Settings, years: IntakeYears, log: Logger) {
        self.settings = settings
        self.years = years
        self.log = log
        threads = IntakeThreads(
            catalogue: BlockingExecutor(width: 2),
            network: BlockingExecutor(width: settings.connections),
            // The lanes of a hash, and as many that wait for the disk.
            disk: BlockingExecutor(width: 8 * settings.options.jobs),
            verification: VerificationGroup()
        )
        let title = if case .years = settings.period { "intake of what was found so far" } else { "intake" }
        progress = Progress(title, total: 0, unit: .bytes, style: settings.options.progress, log: log)
    }

    /// Counts products that are there already.
    func skip(_ count: Int) { state.withLock { $0.outcome.skipped += count } }

    /// Asks the catalogue for a time span and fetches what it has.
    ///
    /// - Returns: The keys of the products, or nil when one of them failed.
    @discardableResult
    func ask(_ interval: CatalogueInterval) async throws -> [String]? {
        guard let answer = try await answer(interval) else { return nil }
        state.withLock { $0.outcome.failures += answer.refusals }
        for item in answer.superseded { log.info("superseded by a later processing: \(item.name.identifier)") }
        let failures = Atomic(answer.refusals.count)
        try await forEachConcurrently(answer.items, limit: Self.productsAtOnce) { item in
            if try await !self.take(item) { failures.add(1, ordering: .relaxed) }
        }
        return failures.load(ordering: .relaxed) == 0 ? answer.items.map(\.location.key) : nil
    }

    /// Nil when the catalogue's answer makes no sense; later days may fare better.
    private func answer(_ interval: CatalogueInterval) async throws -> STACAnswer? {
        do {
            return try await threads.catalogue.run { [settings] in
                try settings.catalogue.search(tile: settings.tile.name, from: interval.start, until: interval.end)
            }
        } catch let error as PipelineError {
            let failure = error.within("\(settings.tile) from \(interval.start)")
            guard error.code == .corrupt else { throw end(with: failure) }
            fail(failure)
            return nil
        }
    }

    private func take(_ item: STACItem) async throws -> Bool {
        do {
            let isNew = try await fetch(item)
            state.withLock { isNew ? ($0.outcome.finished += 1) : ($0.outcome.skipped += 1) }
            return true
        } catch let error as PipelineError {
            let failure = error.within(item.name.identifier)
            if await endsTheRun(error, item: item) { throw end(with: failure) }
            fail(failure)
            return false
        }
    }

    /// False when the product was there already.
    private func fetch(_ item: STACItem) async throws -> Bool {
        guard FileSystem.name(of: item.location.key) == item.name.identifier + ".SAFE" else {
            throw PipelineError(.mismatch, "the catalogue points to \(item.location), another product")
        }
        let target = FileSystem.join(settings.target, item.location.key)
        let partial = try years.partial(item.name, of: target)
        if try await isWhole(target) {
            try partial?.discard()
            return false
        }
        let bucket = settings.source.bucket(item.location.bucket)
        let listing = try await threads.network.run(urgently: true) {
            try ProductListing(of: item.location, in: bucket)
        }
        let size = "\(listing.files.count) files, \(formatBytes(listing.size))"
        guard let partial else {
            log.info("would fetch \(item.location): \(size)")
            return true
        }
        if try FileSystem.exists(target) {
            log.warning("\(item.name.identifier) is not as its manifest lists it; what is missing is fetched again")
            try await threads.disk.run { try partial.takeBack(for: listing) }
        }
        progress.expect(listing.size)
        try await ProductIntake(listing, from: bucket, to: partial, threads: threads, progress: progress, log: log)
            .run()
        log.info("fetched \(item.name.identifier): \(size)")
        return true
    }

    /// Whether products are there as their manifests list them.
    func areWhole(_ keys: [String]) async throws -> Bool {
        for key in keys where try await !isWhole(FileSystem.join(settings.target, key)) { return false }
        return true
    }

    private func isWhole(_ target: String) async throws -> Bool {
        guard try FileSystem.exists(target) else { return false }
        guard settings.verification == .checksum else {
            return try await threads.disk.run { try SAFEProduct(path: target).isComplete() }
        }
        let found = try? await SAFEProduct(path: target).difference(by: .checksum, on: threads.disk)
        return found?.lost.isEmpty ?? false
    }

    private func fail(_ failure: PipelineError) {
        log.debug("\(failure)")
        state.withLock { $0.outcome.add(failure) }
    }
}

extension IntakeRun {
    /// Whether a product's failure means that no other one could be fetched either.
    private func endsTheRun(_ error: PipelineError, item: STACItem) async -> Bool {
        switch error.code {
        case .noSpace, .locked: return true
        case .denied: return settings.source.isRefused
        case .unavailable:
            // One object that the source cannot read must not stop the rest; a source that is gone must.
            return await !isSourceAnswering(item.location)
        default: return false
        }
    }

    private func isSourceAnswering(_ location: S3Location) async -> Bool {
        do {
            let bucket = settings.source.bucket(location.bucket)
            _ = try await threads.network.run { try bucket.head(location.key) }
            return true
        } catch {
            return false
        }
    }

    /// Ends all other work at once, and remembers why.
    private func end(with error: PipelineError) -> PipelineError {
        state.withLock { $0.reason = $0.reason ?? error }
        settings.catalogue.close()
        settings.source.close()
        return error
    }

    /// What ended the run: of the work that `end` interrupted, some may have told of it first.
    func reason(for error: any Error) -> any Error { state.withLock { $0.reason } ?? error }

    /// Tells what was done, however it ended.
    @discardableResult
    func finish() -> JobOutcome {
        progress.finish()
        let outcome = state.withLock { $0.outcome }
        guard !settings.options.dryRun else { return outcome }
        let counts = settings.source.counter.counts
        let transfer = formatTransfer(counts.bytesReceived, seconds: SystemClock.seconds() - start)
        log.info(
            "\(settings.tile): \(outcome.finished) products fetched, \(outcome.skipped) were there, \(outcome.failures.count) failed; \(transfer), \(counts.requests) requests, \(counts.retries) retries"
        )
        return outcome
    }
}
