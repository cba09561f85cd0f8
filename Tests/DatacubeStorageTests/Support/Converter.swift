import DatacubeStorage
import Logging
import TestSupport

/// The conversions, for tests that hold for all of them.
enum Converter: CaseIterable {
    case cog, zarr, zipzarr

    /// Small chunks give the small archive several batches of dates and several chunks a date.
    static let smallChunks = CubeSchema.Chunking(dates: 2, pixels: 64)

    /// Shards of several inner chunks along every axis but that of bands.
    static let smallShards = CubeSchema.Chunking(
        shards: [.r10: 128, .r20: 64, .r60: 32],
        dates: 4,
        of: .init(dates: 2, pixels: 16)
    )

    /// What keeps other conversions out of the archive's tile-year.
    func lock(below target: String) -> String {
        switch self {
        case .cog: target + "/35/V/LH/2024/.conversion.lock"
        case .zarr: target + "/35VLH/2024/.conversion.lock"
        case .zipzarr: target + "/35VLH/.2024.zip.conversion.lock"
        }
    }

    func run(
        from source: String,
        to target: String,
        chunking: CubeSchema.Chunking = smallChunks,
        verification: FileVerification = .size,
        log: Logger = .silent
    ) async throws -> JobOutcome {
        try await run(
            from: source,
            into: LocalStore(root: target),
            chunking: chunking,
            verification: verification,
            log: log
        )
    }

    func run(
        from source: String,
        into target: any ObjectStore,
        workFolder: String = "/tmp",
        chunking: CubeSchema.Chunking = smallChunks,
        verification: FileVerification = .size,
        log: Logger = .silent
    ) async throws -> JobOutcome {
        switch self {
        case .cog:
            let settings = COGConversionJob.Settings(
                source: source,
                target: target,
                workFolder: workFolder,
                writer: COGWriter(threads: 2),
                verification: verification,
                options: RunOptions(jobs: 2)
            )
            return try await COGConversionJob(settings, log: log).run()
        case .zarr, .zipzarr:
            let settings = ZarrConversionJob.Settings(
                source: source,
                target: target,
                format: self == .zarr ? .zarr : .zipzarr,
                chunking: chunking,
                verification: verification,
                options: RunOptions(jobs: 2)
            )
            return try await ZarrConversionJob(settings, log: log).run()
        }
    }

    /// What an undisturbed run makes of some dates of the archive.
    func tree(of dates: some Sequence<Int> & Sendable) async throws -> FileTree {
        try await trees.value(of: "\(self) \(dates.sorted())") { try await convert(dates) }
    }

    private func convert(_ dates: some Sequence<Int> & Sendable) async throws -> FileTree {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link(dates, below: directory + "/safe")
            let outcome = try await run(from: directory + "/safe", to: directory + "/made")
            guard outcome.status == .done else {
                throw PipelineError(.system, outcome.failures.joined(separator: "; "))
            }
            return try FileTree(directory + "/made")
        }
    }
}

/// Trees that several tests compare with are made once.
private actor Trees {
    private var made: [String: FileTree] = [:]

    func value(of key: String, _ make: @Sendable () async throws -> FileTree) async throws -> FileTree {
        if let tree = made[key] { return tree }
        let tree = try await make()
        made[key] = tree
        return tree
    }
}

private let trees = Trees()
