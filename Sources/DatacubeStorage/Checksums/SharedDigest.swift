import Synchronization

/// Hashes files for many threads at once, several of them side by side in one thread.
///
/// A thread that comes while others hash leaves its file to them, unless so many wait that they fill most of further lanes,
/// which it drives then. When its own files are done, it hands the lanes to a thread whose are not. So sixteen MD5s, or
/// eight SHA3-256s, take little more processor time than one, and there are no threads beside those that wait anyway.
final class SharedDigest: Sendable {
    private struct State {
        /// Files in no lane yet, the largest last: begun first, they do not end alone.
        var waiting: [DigestJob] = []
        /// Files that have not ended.
        var unfinished = 0
        /// Lanes that a thread drives.
        var driven = 0
        /// Lanes without files.
        var idle: [FileLanes] = []

        mutating func add(_ jobs: [DigestJob]) {
            unfinished += jobs.count
            for job in jobs {
                let place = waiting.firstIndex { $0.range.count >= job.range.count } ?? waiting.count
                waiting.insert(job, at: place)
            }
        }

        mutating func fill(_ lanes: FileLanes) {
            while lanes.hasRoom, let job = waiting.popLast() { lanes.add(job) }
        }

        /// Hands lanes to a thread that waits for its file.
        mutating func leave(_ lanes: FileLanes) {
            fill(lanes)
            // Better to a thread that waits than to one that drives other lanes still.
            if let next = lanes.jobs.first(where: \.call.isWaiting) ?? lanes.jobs.first {
                next.call.hand(lanes)
            } else {
                driven -= 1
                idle.append(lanes)
            }
        }
    }

    /// For MD5.
    static let md5 = SharedDigest(.md5)
    /// For SHA3-256.
    static let sha3_256 = SharedDigest(.sha3_256)

    // More threads than processors would only share them.
    private static let mostDriven = ProcessorCount.granted

    private let algorithm: LaneDigests.Algorithm
    private let state = Mutex(State())

    init(_ algorithm: LaneDigests.Algorithm) { self.algorithm = algorithm }

    /// The hashes of parts of a file, side by side like those of several files; blocks until they are known.
    func bytes(of path: String, ranges: [Range<Int>]) throws -> [[UInt8]] {
        let file = DigestedFile(try LocalFile(reading: path))
        let call = DigestCall(count: ranges.count)
        let jobs = ranges.enumerated().map {
            DigestJob(call: call, number: $0.offset, source: file, range: $0.element)
        }
        if let lanes = enter(jobs) { drive(lanes, for: call) }
        while let lanes = call.awaitLanes() { drive(lanes, for: call) }
        return try call.results()
    }

    /// Leaves parts to others, or returns lanes to drive.
    private func enter(_ jobs: [DigestJob]) -> FileLanes? {
        state.withLock { state in
            state.add(jobs)
            let lanes = state.idle.popLast() ?? FileLanes(algorithm)
            // A few lanes take almost as long as all.
            let isWorthwhile = state.driven == 0 || state.unfinished > state.driven * lanes.count + lanes.count / 2
            guard isWorthwhile, state.driven < Self.mostDriven else {
                state.idle.append(lanes)
                return nil
            }
            state.driven += 1
            return lanes
        }
    }

    /// Hashes what is in the lanes, and what comes, until nothing of one's own is in there.
    private func drive(_ lanes: FileLanes, for call: DigestCall) {
        repeat {
            state.withLock { $0.fill(lanes) }
            let ended = lanes.advance()
            state.withLock { $0.unfinished -= ended.count }
            for (job, result) in ended { job.call.end(job.number, result) }
        } while lanes.jobs.contains { $0.call === call }
        state.withLock { $0.leave(lanes) }
    }
}

/// Bytes to hash.
protocol DigestSource: Sendable {
    /// Fills the buffer with the bytes from an offset on.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws
}

/// An open file.
private final class DigestedFile: DigestSource {
    private let file: LocalFile

    init(_ file: consuming LocalFile) { self.file = file }

    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
        try unsafe file.read(into: buffer, at: offset)
    }
}

/// A part of a file, or of what is in memory, on its way through a lane.
struct DigestJob {
    let call: DigestCall
    let number: Int
    let source: any DigestSource
    let range: Range<Int>
}

/// A thread that wants the hashes of parts of a file.
final class DigestCall: Sendable {
    private struct State {
        var results: [Result<[UInt8], any Error>?]
        /// Lanes with parts of this call that it has to drive.
        var lanes: [FileLanes] = []
        var isWaiting = false
    }

    private let state: Monitor<State>

    init(count: Int) {
        state = Monitor(State(results: Array(repeating: nil, count: count)))
    }

    /// Whether the thread has nothing to do.
    var isWaiting: Bool { state.wait { $0.isWaiting } }

    func end(_ number: Int, _ result: Result<[UInt8], any Error>) { state.change { $0.results[number] = result } }

    func hand(_ lanes: FileLanes) { state.change { $0.lanes.append(lanes) } }

    /// Waits for lanes to drive; nil when all hashes are known.
    func awaitLanes() -> FileLanes? {
        state.wait { state -> FileLanes?? in
            let lanes = state.lanes.popLast()
            let isDone = !state.results.contains { $0 == nil }
            state.isWaiting = lanes == nil && !isDone
            return state.isWaiting ? nil : .some(lanes)
        }
    }

    /// The hashes, or why one of them cannot be had.
    func results() throws -> [[UInt8]] { try state.wait { $0.results }.compactMap { try $0?.get() } }
}
