import DatacubeStorage
import Glibc
import Logging

/// Twelve synthetic products of one tile-year, made once for all tests of a run.
///
/// Tests link the dates that they need into folders of their own. Files are replaced, never written into, so a test
/// that damages its link leaves the archive whole.
enum SyntheticArchive {
    static let tileYear = TileYear(tile: "35VLH", year: 2024)
    static let extent = 192
    static let dates = 12

    /// Where the products lie; tests may put what they make of them beside it.
    static let folder = "/tmp/dslab-archive-\(getpid())"
    private static let made = Task {
        atexit { try? FileSystem.remove(SyntheticArchive.folder) }
        try await synthesize(dates: dates, below: folder)
        return try products(below: folder)
    }

    /// All products in order of time.
    static func products() async throws -> [SAFEProduct] { try await made.value }

    /// Puts the products of some dates below a folder, where other dates may be already.
    @discardableResult
    static func link(_ dates: some Sequence<Int>, below folder: String) async throws -> [SAFEProduct] {
        let all = try await products()
        for date in dates {
            try linkTree(all[date].path, to: folder + all[date].path.dropFirst(Self.folder.count))
        }
        return try products(below: folder)
    }

    /// Makes products of another baseline, extent or year.
    static func synthesize(
        dates: Int,
        year: Int = tileYear.year,
        extent: Int = extent,
        baseline: String = "05.10",
        below folder: String
    ) async throws {
        let settings = SynthesisJob.Settings(
            output: folder,
            tiles: [tileYear.tile],
            year: year,
            dates: dates,
            extent: extent,
            baseline: baseline,
            options: RunOptions(jobs: 2)
        )
        let outcome = try await SynthesisJob(settings, log: .silent).run()
        guard outcome.failures.isEmpty else { throw PipelineError(.system, outcome.failures.joined(separator: "; ")) }
    }

    static func products(below folder: String) throws -> [SAFEProduct] {
        try ProductFolder(root: folder).products.values.flatMap { $0 }
            .sorted { $0.name.datatakeStart < $1.name.datatakeStart }
    }

    static func linkTree(_ source: String, to target: String) throws {
        try FileSystem.createDirectories(target)
        for name in try FileSystem.list(source) {
            let (from, to) = ("\(source)/\(name)", "\(target)/\(name)")
            if try FileSystem.status(from)?.kind == .directory {
                try linkTree(from, to: to)
            } else if Glibc.link(from, to) != 0 {
                throw PipelineError(.system, "cannot link \(from) to \(to)")
            }
        }
    }
}

extension SAFEProduct {
    /// Every pixel of a band, decoded by GDAL and not by the decoder under test.
    func pixels(_ band: Band) throws -> [UInt16] {
        let dataset = try GDALDataset(reading: inventory().path(of: band), drivers: ["JP2OpenJPEG"])
        let window = PixelWindow(x: 0, y: 0, width: dataset.width, height: dataset.height)
        var pixels = [UInt16](repeating: 0, count: window.pixelCount)
        try pixels.withUnsafeMutableBufferPointer { try dataset.read(band: 1, window: window, into: $0) }
        return pixels
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Calls `action` for every line, details too.
    static func calling(_ action: @escaping @Sendable (String) -> Void) -> Logger {
        Logger(label: "test") { _ in CallingLogHandler(action: action) }
    }
}

private struct CallingLogHandler: LogHandler {
    let action: @Sendable (String) -> Void
    var logLevel = Logger.Level.debug
    var metadata: Logger.Metadata = [:]

    init(action: @escaping @Sendable (String) -> Void) { self.action = action }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { action("\(event.message)") }
}
