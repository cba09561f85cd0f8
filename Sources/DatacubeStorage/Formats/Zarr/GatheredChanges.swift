/// The folder in a lock where a conversion gathers what is to become of cubes, while they stay as they are.
///
/// A killed run's chunks wait there for the next run, which goes on with them as long as they belong to the same cubes.
struct GatheredChanges: Sendable {
    /// Chunks and documents, by their keys; what ``OverlaidStore`` makes of them.
    let folder: String
    private let recordPath: String
    private let readyPath: String

    /// Names the folder of the lock's owner.
    init(under lock: TargetLock) {
        folder = FileSystem.join(lock.workFolder, "chunks")
        recordPath = folder + ".state"
        readyPath = folder + ".ready"
    }

    /// What chunks belong to, as far as options say it.
    static func state(of chunking: CubeSchema.Chunking) -> [String] {
        Resolution.allCases.map { "\(chunking.dates) x \(chunking.side($0))" }
            + chunking.arrayCodecs(bands: 1).map { $0.json.serialized() }
    }

    /// Removes what a run gathered for other cubes, or with other options.
    func prepare(state: [String]) throws {
        let record = Array(state.joined(separator: "\n").utf8)
        if try FileSystem.exists(recordPath), try FileSystem.contents(of: recordPath) == record { return }
        try discard()
        try AtomicFile.write(record, to: recordPath)
    }

    /// Whether all of it is there, and some of it may have been brought to its place already.
    var isReady: Bool { get throws { try FileSystem.exists(readyPath) } }

    /// Notes that all of it is there and on disk.
    func markReady() throws { try AtomicFile.write([], to: readyPath) }

    /// Removes everything; what says that it is complete goes first.
    func discard() throws {
        for path in [readyPath, recordPath, folder] { try FileSystem.remove(path) }
    }
}
