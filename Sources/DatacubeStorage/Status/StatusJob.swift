public import Logging

/// Finds out from the data themselves how far each tile-year is; what a scheduler says of jobs does not matter.
public struct StatusJob: Sendable {
    /// A format's bucket.
    public struct Mirror: Sendable {
        /// The format.
        public let format: DataFormat
        /// The bucket, or the part of it, with the same tree as the folder.
        public let store: S3Store

        /// Names the bucket.
        public init(format: DataFormat, store: S3Store) {
            self.format = format
            self.store = store
        }
    }

    /// Where to look.
    public struct Settings: Sendable {
        /// The folder of each format on the network drive.
        public var folders: [DataFormat: String]
        /// The buckets to compare with.
        public var mirrors: [Mirror]
        /// The folder in which the steps' outcomes are, files `<step>-<tile>-<year>`.
        public var outcomes: String
        /// Which tiles and years; those that are named appear also when there is nothing of them.
        public var filter: TileYearFilter
        /// Threads that read.
        public var jobs: Int

        /// Creates settings.
        public init(
            folders: [DataFormat: String],
            mirrors: [Mirror] = [],
            outcomes: String,
            filter: TileYearFilter = .init(),
            jobs: Int
        ) {
            self.folders = folders
            self.mirrors = mirrors
            self.outcomes = outcomes
            self.filter = filter
            self.jobs = jobs
        }
    }

    private let settings: Settings
    private let log: Logger
    private let executor: BlockingExecutor

    /// Prepares the job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
        executor = BlockingExecutor(width: settings.jobs)
    }

    /// Looks at every tile-year.
    public func run() async throws -> [TileYearStatus] {
        try await endingCallsOnCancellation(settings.mirrors.map(\.store)) { try await lookAtAll() }
    }

    private func lookAtAll() async throws -> [TileYearStatus] {
        let folder = try await executor.run { try products() }
        let objects = try await mirroredObjects()
        var statuses: [TileYearStatus] = []
        for tileYear in Set(settings.filter.named + folder.keys).sorted() {
            let products = folder[tileYear] ?? []
            var status = TileYearStatus(tileYear: tileYear, formats: formats)
            try await count(products, into: &status)
            try await countConverted(&status)
            if let objects { try await countMirrored(objects, into: &status) }
            let told = try await executor.run { try failures(of: tileYear) }
            for (reason, step) in told { status.add(reason, step: step) }
            statuses.append(status)
        }
        return statuses
    }

    /// The formats that are converted: those that every workflow has, and those that have a folder.
    private var formats: [DataFormat] {
        DataFormat.allCases.filter { format in
            format.origin != .intake && (DataFormat.standard.contains(format) || settings.folders[format] != nil)
        }
    }

    private func products() throws -> [TileYear: [SAFEProduct]] {
        guard let folder = settings.folders[.safe], try FileSystem.exists(folder) else { return [:] }
        let found = try ProductFolder(root: folder, filter: settings.filter)
        for refusal in found.refusals { log.warning("\(refusal)") }
        return found.products
    }

    private func count(_ products: [SAFEProduct], into status: inout TileYearStatus) async throws {
        let source = try await TileYearProducts.read(products, on: executor, log: .quiet)
        let names = Set(products.map(\.name.identifier))
        let damaged = try await executor.run { try products.filter { try !$0.isComplete() }.map(\.name.identifier) }
        for name in damaged.sorted() { status.add("\(name) has not all files of its manifest", step: "product") }
        status.downloaded = names.count - damaged.count
        status.superseded = source.superseded.count
        let recorded = try await executor.run { [tileYear = status.tileYear] in try recordedProducts(tileYear) }
        status.found = names.union(recorded).count
        for failure in source.failures { status.add(failure, step: "product") }
    }

    /// What the intake has noted of the days that it finished.
    private func recordedProducts(_ tileYear: TileYear) throws -> [String] {
        guard let folder = settings.folders[.safe] else { return [] }
        let path = FileSystem.join(folder, ".intake-\(tileYear.tile)-\(tileYear.year).json")
        guard try FileSystem.exists(path) else { return [] }
        let record = try JSONValue(parsing: FileSystem.contents(of: path), named: path)
        let keys = (record.objectValue ?? [:]).values.flatMap { $0.arrayValue ?? [] }.compactMap(\.stringValue)
        return keys.compactMap { try? ProductName(FileSystem.name(of: $0)) }
            .filter { $0.tile == tileYear.tile && $0.year == tileYear.year }.map(\.identifier)
    }

    private func countConverted(_ status: inout TileYearStatus) async throws {
        for (format, folder) in settings.folders where format.origin != .intake {
            do {
                status.converted[format] = try await executor.run { [tileYear = status.tileYear] in
                    try format.layout.productCount(of: tileYear, in: LocalStore(root: folder))
                }
                for report in try await reports(on: status.tileYear, format: format, folder: folder) {
                    let lost = report.missing + report.changed
                    if let first = lost.first {
                        status.add(
                            "\(report.unit) has lost or damaged files: \(lost.count), \(first) for one",
                            step: format.name
                        )
                        status.lost.insert(format)
                    }
                }
            } catch let error as PipelineError {
                status.add("\(error)", step: format.name)
            }
        }
    }

    /// Names and sizes only, which costs a listing.
    private func reports(on tileYear: TileYear, format: DataFormat, folder: String) async throws -> [UnitReport] {
        let data = StoredTileYear(tileYear, in: LocalStore(root: folder))
        return try await format.layout.reports(by: UnitInspection(of: data, by: .size, on: executor))
    }

    /// What the last run of each step told.
    private func failures(of tileYear: TileYear) throws -> [(reason: String, step: String)] {
        let ending = "-\(tileYear.tile)-\(tileYear.year)"
        guard try FileSystem.exists(settings.outcomes) else { return [] }
        return try FileSystem.list(settings.outcomes).filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }
            .flatMap { name in
                let text = try FileSystem.contents(of: FileSystem.join(settings.outcomes, name))
                return TextLines.split(text).dropFirst().filter { !$0.isEmpty }.map { line in
                    (PrintableText.line(String(decoding: line, as: UTF8.self)), String(name.dropLast(ending.count)))
                }
            }
    }
}

extension StatusJob {
    /// Sizes of objects by format and key; nil where there is no bucket or no answer.
    private func mirroredObjects() async throws -> [DataFormat: [String: Int]]? {
        guard !settings.mirrors.isEmpty else { return nil }
        do {
            var objects: [DataFormat: [String: Int]] = [:]
            for mirror in settings.mirrors {
                objects[mirror.format] = try await executor.run {
                    guard try mirror.store.bucket.exists() else { return [:] }
                    let entries = try mirror.store.list("").map { ($0.key, $0.size) }
                    return Dictionary(entries) { first, _ in first }
                }
            }
            return objects
        } catch let error as PipelineError {
            log.warning("mirrored files are not counted: \(error)")
            return nil
        }
    }

    private func countMirrored(_ objects: [DataFormat: [String: Int]], into status: inout TileYearStatus) async throws {
        let selection = FileSelection(filter: TileYearFilter(only: status.tileYear))
        var mirrored = 0
        for (format, sizes) in objects {
            guard let folder = settings.folders[format], try FileSystem.exists(folder) else { continue }
            for (path, file) in try await FileSystem.visibleFiles(below: folder, on: executor).files
            where selection.admits(path, of: format) {
                status.files += 1
                if sizes[path] == file.size { mirrored += 1 }
            }
        }
        status.mirrored = mirrored
    }
}

extension Logger {
    /// Says nothing.
    fileprivate static let quiet = Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
}
