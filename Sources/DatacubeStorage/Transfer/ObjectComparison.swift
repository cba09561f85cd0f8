import Synchronization

/// Whether a file and an object hold the same, by what a listing of the bucket tells; no object is asked for.
///
/// Sizes must agree. Then times settle most cases without reading anything:
/// - a file that was downloaded has the object's own time of modification, to the second;
/// - on the way up, a file that has not changed since the object was stored is what was stored. Its time of change
///   counts, which no program can set back, unlike its time of modification.
///
/// Where times settle nothing the file is read and its MD5 compared with the entity tag, large uploads in parts
/// included. So neither a request an object nor a record of earlier runs is needed, and what others put into the
/// bucket or folder is judged as well.
enum ObjectComparison {
    /// Which of the two is to become like the other.
    enum Direction { case up, down }

    // Servers refuse clocks that are further apart than this.
    private static let clockTolerance = 15 * 60

    /// True or false where sizes and times tell, nil where the content must be compared.
    static func byTimes(_ file: FileStatus, object: S3Object, direction: Direction) -> Bool? {
        guard file.kind == .file, file.size == object.size else { return false }
        guard file.size > 0 else { return true }
        guard let modified = object.modified else { return nil }
        if file.modified == modified * 1_000_000_000 { return true }
        let changed = file.changed / 1_000_000_000
        return direction == .up && changed + clockTolerance < modified ? true : nil
    }

    /// Which of the pairs hold the same; files are read on the executor.
    static func equal(
        _ pairs: [(path: String, status: FileStatus, object: S3Object)],
        direction: Direction,
        on executor: BlockingExecutor
    ) async throws -> [Bool] {
        let answers = pairs.map { byTimes($0.status, object: $0.object, direction: direction) }
        let results = Results(answers)
        let undecided = answers.indices.filter { answers[$0] == nil }
        try await executor.forEach(undecided.count) { [pairs] number in
            let index = undecided[number]
            do {
                results[index] = try pairs[index].object.matches(file: pairs[index].path) ?? false
            } catch {
                // It is copied, which fails for this file by itself or mends it.
                guard FileFailures.ofOneFile(error) != nil else { throw error }
                results[index] = false
            }
        }
        return results.all
    }
}

private final class Results: Sendable {
    private let values: Mutex<[Bool?]>

    init(_ values: [Bool?]) { self.values = Mutex(values) }

    var all: [Bool] { values.withLock { $0.map { $0 ?? false } } }

    subscript(index: Int) -> Bool? {
        get { values.withLock { $0[index] } }
        set { values.withLock { $0[index] = newValue } }
    }
}
