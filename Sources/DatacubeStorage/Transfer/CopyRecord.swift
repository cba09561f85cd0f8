import FoundationEssentials

/// What copying each format to the node's disk took, so that a benchmark can set it against faster loads.
///
/// The names of the JSON keys are a contract with scripts that read them.
public struct CopyRecord: Codable, Sendable, Equatable {
    /// The copy of one format.
    public struct Copy: Codable, Sendable, Equatable {
        /// From finding out what is missing until all of it is safe on the disk, by the clock on the wall.
        public var seconds: Double
        /// Bytes of the files that came.
        public var bytes: Int
        /// Files that came.
        public var files: Int
        /// Files that the disk had before.
        public var alreadyThere: Int
        /// Files that did not come.
        public var failed: Int
        /// Of what files came, as `35VLH/2024`, sorted.
        public var tileYears: [String]

        /// Notes what a copy took.
        public init(seconds: Double, bytes: Int, files: Int, alreadyThere: Int, failed: Int, tileYears: [String]) {
            self.seconds = seconds
            self.bytes = bytes
            self.files = files
            self.alreadyThere = alreadyThere
            self.failed = failed
            self.tileYears = tileYears
        }

        enum CodingKeys: String, CodingKey {
            case seconds, bytes, files, failed
            case alreadyThere = "already_there"
            case tileYears = "tile_years"
        }

        /// Whether all of the set came in this run: only then is its time that of the whole set.
        public var isWhole: Bool { alreadyThere == 0 && failed == 0 }

        fileprivate var isPlausible: Bool {
            seconds.isFinite && seconds >= 0 && [bytes, files, alreadyThere, failed].allSatisfy { $0 >= 0 }
        }
    }

    /// Of the tools.
    public var version: String
    /// When the copies began, as `2026-11-24T02:45:39Z`.
    public var created: String
    /// The node.
    public var host: String
    /// Where the files came from, `network` or `s3`.
    public var from: Storage
    /// The only resolutions that were copied, `10m` for instance; nil where all were.
    public var resolutions: [String]?
    /// By the names of the formats; what was not finished is not there.
    public var copies: [String: Copy]

    /// Begins the record of copies to this machine.
    ///
    /// - Parameters:
    ///   - from: Where the files come from.
    ///   - resolutions: The only ones that are copied; empty means all.
    ///   - copies: By the names of the formats.
    public init(from: Storage, resolutions: Set<Resolution> = [], copies: [String: Copy] = [:]) {
        version = Version.current
        created = Timestamp.now().iso(decimals: 0)
        host = ProcessIdentity.hostName()
        self.from = from
        self.resolutions = resolutions.isEmpty ? nil : resolutions.sorted().map(\.name)
        self.copies = copies
    }

    /// Reads a record.
    ///
    /// - Throws: ``PipelineError`` naming the file when it is none, or its numbers cannot be.
    public init(file path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw PipelineError(.corrupt, "\(path) is not a record of copies", cause: String(describing: error))
        }
        guard let odd = copies.filter({ !$0.value.isPlausible }).keys.min() else { return }
        throw PipelineError(.corrupt, "\(path): the numbers of \(odd) are not those of a copy")
    }

    /// Writes the record as JSON; the file appears whole.
    public func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileSystem.createDirectories(FileSystem.parent(of: path))
        try AtomicFile.write(Array(encoder.encode(self)), to: path)
    }
}
