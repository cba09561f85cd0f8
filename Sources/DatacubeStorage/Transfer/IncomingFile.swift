/// A file on its way to a folder: fetched under a temporary name, verified, given its name.
///
/// Each step is done for many files at a time, see ``FileBatch``.
protocol IncomingFile: Sendable {
    /// Where it comes from, for errors.
    var source: String { get }
    /// The path that it will have.
    var target: String { get }
    /// What keeps other runs out of the target; nil when nothing will be fetched.
    var lock: TargetLock? { get }
    /// A name for the unfinished file, made by ``TargetLock/temporaryName(for:)``.
    var temporary: String { get }
    /// Bytes.
    var size: Int { get }
    /// Files of a higher rank declare those of lower ranks complete and come after all of them.
    var rank: Int { get }
    /// What is fetched by one call each, side by side.
    var pieces: [Range<Int>] { get }
    /// How many bytes of such files are verified and flushed together.
    var batchBytes: Int { get }
    /// How many pieces are fetched at a time where they are large.
    var mostLargePieces: Int { get }
    /// Brings a piece under the temporary name; the folder exists.
    func fetch(_ piece: Range<Int>) throws
    /// Compares the file with its source once all of its pieces are there, unless fetching did that already.
    ///
    /// The disk writes it meanwhile, so that what is read is what the system has in memory. That it reaches the disk is
    /// for the flush to say, and that the disk gives back what it got for the disk's own checksums.
    func verify() throws
    /// Does what is left to do before the file gets its name.
    func complete() throws
}

extension IncomingFile {
    /// What a disk writes in a second or less, so that no more than two of those are lost when the run is killed.
    var batchBytes: Int { 512 << 20 }

    var mostLargePieces: Int { .max }

    /// Gives the file its name.
    func publish() throws {
        try complete()
        try lock?.publish(temporary, as: target)
    }

    /// Removes the temporary name, if it is there.
    func discard() { try? FileSystem.remove(temporary) }
}

/// Which failures cost one file only, and what they keep from being declared complete.
struct FileFailures {
    private(set) var errors: [PipelineError] = []
    private var paths: [String] = []

    /// The error, if others can go on after it.
    static func ofOneFile(_ error: any Error) -> PipelineError? {
        guard let error = error as? PipelineError else { return nil }
        switch error.code {
        case .notFound, .unreadable, .corrupt, .mismatch, .unsupported: return error
        default: return nil
        }
    }

    /// Notes what failed before anything was brought.
    init(_ refusals: [FileRefusal] = [], below folder: String = "") {
        for refusal in refusals { add(refusal.error, at: FileSystem.join(folder, refusal.path)) }
    }

    mutating func add(_ failures: FileFailures) {
        errors += failures.errors
        paths += failures.paths
    }

    mutating func add(_ error: PipelineError, at path: String) {
        errors.append(error)
        paths.append(path)
    }

    /// Whether a file declares complete what is not: it has a rank, and something beside or below it failed.
    func withhold(_ path: String, rank: Int) -> Bool {
        guard rank > 0, !paths.isEmpty else { return false }
        let folder = FileSystem.join(FileSystem.parent(of: path), "")
        return paths.contains { $0.hasPrefix(folder) }
    }
}
