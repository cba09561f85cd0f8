import DatacubeStorage
import Logging
import TestSupport

/// Two products of the synthetic archive at a source of their own, and a folder to fetch them to.
struct IntakeFixture {
    let source: ProductSource
    let products: [SAFEProduct]
    private let archive: ScratchFolder
    private let folder: ScratchFolder

    var target: String { folder.path }

    /// Runs a test with the products of the first two dates.
    static func with(
        catalogueFault: @escaping @Sendable (Int, String) -> [LoopbackServer.Action]? = { _, _ in nil },
        fault: @escaping ProductSource.Fault = { _ in nil },
        _ body: (IntakeFixture) async throws -> Void
    ) async throws {
        let (archive, folder) = (try ScratchFolder(), try ScratchFolder())
        let products = try await SyntheticArchive.link(0..<2, below: archive.path)
        let source = try ProductSource(archive.path, catalogueFault: catalogueFault, fault: fault)
        try await body(IntakeFixture(source: source, products: products, archive: archive, folder: folder))
    }

    /// The key of a product's folder, as the catalogue gives it.
    func key(_ product: SAFEProduct) -> String {
        String(product.path.dropFirst(archive.path.count).drop { $0 == "/" })
    }

    /// The year by one question, unless another period is given.
    func settings(
        _ period: IntakeJob.Period? = nil,
        connections: Int = 4,
        retries: RetryPolicy = .fast,
        stall: Int = 30,
        url: String? = nil,
        dryRun: Bool = false
    ) throws -> IntakeJob.Settings {
        let profile = try S3Profile(
            name: "test",
            endpoint: url ?? source.url,
            credentials: S3Credentials(accessKey: "KEY", secretKey: "SECRET")
        )
        let catalogue = STACClient(
            url: source.url + "/v1",
            http: try HTTPClient(limits: ConnectionLimits(total: 2)),
            log: .silent,
            retryPolicy: .fast
        )
        let client = S3Client(
            profile,
            http: try HTTPClient(limits: ConnectionLimits(total: connections)),
            log: .silent,
            retryPolicy: retries,
            timeouts: HTTPTimeouts(connect: 5, stall: stall, total: nil)
        )
        return IntakeJob.Settings(
            tile: try MGRSTile("35VLH"),
            period: try period ?? IntakeFixture.year(),
            catalogue: catalogue,
            source: client,
            target: target,
            connections: connections,
            options: RunOptions(jobs: 2, dryRun: dryRun)
        )
    }

    private static func year() throws -> IntakeJob.Period {
        let days = CatalogueInterval.days(of: 2024..<2025)
        return .interval(try CatalogueInterval(from: days[0].start, until: days[days.count - 1].end))
    }

    func run(_ settings: IntakeJob.Settings? = nil) async throws -> JobOutcome {
        try await IntakeJob(settings ?? self.settings(), log: .silent).run()
    }

    /// Everything that a reader of the target can see, and whether all of it is what the source has.
    func visibleProducts() throws -> [String] {
        let found = try ProductFolder(root: target).products.values.flatMap { $0 }.map(\.name.identifier).sorted()
        return found
    }

    /// Files of a product that are not equal to those of the archive, or on one side only.
    func differences(_ product: SAFEProduct) throws -> [String] {
        try FileTree(FileSystem.join(target, key(product))).differences(from: FileTree(product.path))
    }
}
