import Logging

/// Fetches one product; it appears under its final name when every file of it was verified.
struct ProductIntake: Sendable {
    private let bucket: S3Bucket
    private let listing: ProductListing
    private let partial: PartialProduct
    private let threads: IntakeThreads
    private let progress: Progress
    private let log: Logger

    init(
        _ listing: ProductListing,
        from bucket: S3Bucket,
        to partial: PartialProduct,
        threads: IntakeThreads,
        progress: Progress,
        log: Logger
    ) {
        self.bucket = bucket
        self.listing = listing
        self.partial = partial
        self.threads = threads
        self.progress = progress
        self.log = log
    }

    /// Fetches what is missing, verifies all of it, and names the product.
    func run() async throws {
        try await threads.disk.run(urgently: true) { try partial.prepare(for: listing) }
        let files = try await files(of: manifest()).sorted { $0.file.object.size > $1.file.object.size }
        let (arrivals, arrived) = AsyncStream.makeStream(of: FileIntake.self)
        async let isFetched: Void = fetch(files, arrived: arrived)
        try await verify(arrivals)
        try await isFetched
        try await threads.disk.run(urgently: true) { try partial.publish() }
    }

    /// The manifest comes first: a product that lacks a file need not be fetched at all.
    private func manifest() async throws -> ProductManifest {
        guard let file = listing.files.first(where: { $0.path == ProductManifest.path }) else {
            throw PipelineError(.notFound, "there is no \(ProductManifest.path) at the source")
        }
        guard file.object.size <= SAFEProduct.largestDocument else {
            let size = "\(ProductManifest.path) has \(formatBytes(file.object.size)) at the source"
            throw PipelineError(
                .unsupported,
                "\(size); at most \(formatBytes(SAFEProduct.largestDocument)) are expected"
            )
        }
        try await take(intake(of: file, entry: nil))
        let path = partial.path(of: file)
        return try await threads.disk.run {
            try ProductManifest(FileSystem.contents(of: path, limit: SAFEProduct.largestDocument), path: path)
        }
    }

    private func files(of manifest: ProductManifest) throws -> [FileIntake] {
        let entries = Dictionary(manifest.entries.map { ($0.path, $0) }) { first, _ in first }
        let listed = Dictionary(listing.files.map { ($0.path, $0.object.size) }) { first, _ in first }
        for entry in manifest.entries {
            guard let size = listed[entry.path] else {
                throw PipelineError(
                    .notFound,
                    "\(ProductManifest.path) names \(entry.path), which is not at the source"
                )
            }
            guard size == entry.size else {
                let sizes = "\(size) bytes at the source and \(entry.size) by \(ProductManifest.path)"
                throw PipelineError(.mismatch, "\(entry.path) has \(sizes); the product is damaged there")
            }
        }
        // Objects of no bytes that the manifest does not know are markers of folders.
        return listing.files.filter { $0.path != ProductManifest.path }
            .filter { $0.object.size > 0 || entries[$0.path] != nil }
            .map { intake(of: $0, entry: entries[$0.path]) }
    }

    private func intake(of file: ProductListing.File, entry: ProductManifest.Entry?) -> FileIntake {
        FileIntake(file, to: partial.path(of: file), entry: entry, from: bucket)
    }

    private func take(_ intake: FileIntake) async throws {
        try await threads.network.run(urgently: true) { try fetch(intake) }
        try await verify(intake)
    }

    /// Fetches files, of which the large ones come first, before the smaller ones of other products: large ones are
    /// verified while small ones come, and the connections end their work at about the same time.
    private func fetch(_ files: [FileIntake], arrived: AsyncStream<FileIntake>.Continuation) async throws {
        defer { arrived.finish() }
        try await threads.network.forEach(priorities: files.map(\.priority)) { index in
            try fetch(files[index])
            arrived.yield(files[index])
        }
    }

    private func fetch(_ intake: FileIntake) throws {
        do {
            try partial.createFolder(of: intake.file)
            try intake.fetch()
        } catch let error as PipelineError where error.code == .mismatch {
            try fetchAgain(intake, after: error)
        }
    }

    private func fetchAgain(_ intake: FileIntake, after error: PipelineError) throws {
        log.warning("file is fetched once more", metadata: ["reason": "\(error)"])
        try intake.fetchAgain()
    }
}

extension ProductIntake {
    /// Verifies files as they arrive, together with those of other products.
    private func verify(_ arrivals: AsyncStream<FileIntake>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for await file in arrivals {
                let wait = threads.verification.join()
                group.addTask {
                    await wait.wait()
                    try await verify(file)
                }
            }
            threads.verification.endWaiting()
            try await group.waitForAll()
        }
    }

    private func verify(_ intake: FileIntake) async throws {
        do {
            try await threads.disk.run { try intake.verify() }
        } catch let error as PipelineError where error.code == .mismatch {
            try await threads.network.run { try fetchAgain(intake, after: error) }
            try await threads.disk.run { try intake.verify() }
        }
        progress.advance(by: intake.file.object.size)
    }
}

/// Who asks, who fetches and who verifies, and what is verified together: of all products.
struct IntakeThreads: Sendable {
    /// Apart from the fetching ones, so that a slow catalogue takes no connection from them.
    let catalogue: BlockingExecutor
    /// As wide as connections may be open.
    let network: BlockingExecutor
    /// As wide as processors and disk can serve.
    let disk: BlockingExecutor
    let verification: VerificationGroup
}
