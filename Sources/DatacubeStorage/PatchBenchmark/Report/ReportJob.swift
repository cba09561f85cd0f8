public import Logging

/// Turns results files into a page to look at, a text to quote, a table to compute with, and pictures.
public struct ReportJob: Sendable {
    /// What to report.
    public struct Settings: Sendable {
        /// Results files; each becomes a chapter.
        public var files: [String]
        /// Folder for the report; nil means that of the first file.
        public var output: String?
        /// A table of figures that others published, to stand beside these.
        public var published: String?
        /// How to run.
        public var options: RunOptions

        /// Creates settings.
        public init(
            files: [String],
            output: String? = nil,
            published: String? = nil,
            options: RunOptions = RunOptions()
        ) {
            self.files = files
            self.output = output
            self.published = published
            self.options = options
        }
    }

    private let settings: Settings
    private let log: Logger

    /// Creates a job.
    public init(_ settings: Settings, log: Logger) {
        self.settings = settings
        self.log = log
    }

    /// Writes HTML, Markdown, CSV, JSON and SVG files, all named after the first results file.
    ///
    /// - Returns: their paths, the HTML page first.
    public func run() throws -> [String] {
        guard let first = settings.files.first else {
            throw PipelineError(.configuration, "name at least one results file")
        }
        let runs = try settings.files.map { try BenchmarkResults(file: $0) }
        let published = try settings.published.map { try PublishedTable(file: $0) }
        let folder = settings.output ?? FileSystem.parent(of: first)
        let name = FileSystem.name(of: first)
        let stem = FileSystem.join(folder, name.hasSuffix(".json") ? String(name.dropLast(5)) : name)
        let files = ReportDocuments(runs, published: published, name: FileSystem.name(of: stem)).files
        if !settings.options.dryRun {
            try FileSystem.createDirectories(folder)
            for file in files { try AtomicFile.write(Array(file.text.utf8), to: stem + file.ending) }
        }
        let paths = files.map { stem + $0.ending }
        log.info("\(settings.options.dryRun ? "would write" : "wrote") \(paths.joined(separator: " "))")
        return paths
    }
}
