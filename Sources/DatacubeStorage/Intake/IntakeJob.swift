public import Logging

/// Fetches the products of a tile that the catalogue has in a time span.
///
/// A product that is there under its final name is left alone if it has all files that its manifest lists, else what is
/// missing of it is fetched. Of a product that was interrupted, whole
/// files are verified and not fetched again, the others go on where they stopped. A product that fails leaves the
/// others untouched; refused credentials, a full disk and a source that no longer answers end the run.
public struct IntakeJob: Sendable {
    /// What to ask the catalogue for.
    public enum Period: Sendable {
        /// One question.
        case interval(CatalogueInterval)
        /// One question a UTC day; the end is not part of the years. Days that are finished are not asked for again.
        case years(Range<Int>)
    }

    /// What to fetch and how.
    public struct Settings: Sendable {
        /// The tile.
        public var tile: MGRSTile
        /// When.
        public var period: Period
        /// Where products are looked up.
        public var catalogue: STACClient
        /// Where products are fetched from.
        public var source: S3Client
        /// The folder for products.
        public var target: String
        /// Files fetched at a time.
        public var connections: Int
        /// How products that are there are compared with their manifests.
        public var verification: FileVerification
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            tile: MGRSTile,
            period: Period,
            catalogue: STACClient,
            source: S3Client,
            target: String,
            connections: Int = 4,
            verification: FileVerification = .size,
            options: RunOptions
        ) {
            self.tile = tile
            self.period = period
            self.catalogue = catalogue
            self.source = source
            self.target = target
            self.connections = connections
            self.verification = verification
            self.options = options
        }
    }

    // The next days are asked while the products of others are fetched, of which there may be as many as of one question.
    private static let questionsAtOnce = 4

    private let settings: Settings
    private let log: Logger

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Fetches what is missing.
    ///
    /// Cancelling the task ends it within a second or so; what was fetched of a file is kept.
    ///
    /// - Throws: ``PipelineError`` that ends the whole run: `denied`, `unavailable`, `noSpace`, or `locked` when
    ///   another run works on the tile in one of the years.
    public func run() async throws -> JobOutcome {
        try await withTaskCancellationHandler {
            let years = try await IntakeYears.take(settings)
            defer { years.release() }
            return try await fetch(years)
        } onCancel: {
            settings.catalogue.close()
            settings.source.close()
        }
    }

    private func fetch(_ held: IntakeYears) async throws -> JobOutcome {
        let run = IntakeRun(settings, years: held, log: log)
        do {
            switch settings.period {
            case .interval(let interval): try await run.ask(interval)
            case .years(let years): try await fetch(CatalogueInterval.days(of: years), run: run, held: held)
            }
        } catch {
            run.finish()
            throw run.reason(for: error)
        }
        return run.finish()
    }

    private func fetch(_ days: [CatalogueInterval], run: IntakeRun, held: IntakeYears) async throws {
        var open: [CatalogueInterval] = []
        for day in days {
            if let keys = try held.products(on: day), try await run.areWhole(keys) {
                run.skip(keys.count)
            } else {
                open.append(day)
            }
        }
        log.info("\(settings.tile): \(open.count) days to ask for, \(days.count - open.count) are finished")
        let now = Timestamp.now()
        try await forEachConcurrently(open, limit: Self.questionsAtOnce) { day in
            guard let products = try await run.ask(day), day.isSettled(now) else { return }
            try held.finish(day, products: products)
        }
    }
}
