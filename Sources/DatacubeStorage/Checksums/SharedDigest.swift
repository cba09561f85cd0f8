import Synchronization

/// Hashes files for many threads at once, several of them side by side in one thread.
///
/// A thread that comes while others hash leaves its file to them as long as they have lanes left, else it drives lanes of
/// its own. When its own file is done, it hands the lanes to a thread whose file is not. So sixteen MD5s, or
/// eight SHA3-256s, take little more processor time than one, and there are no threads beside those that wait anyway.
final class SharedDigest: Sendable {
    private struct State {
        /// Files in no lane yet.
        var waiting: [DigestJob] = []
        /// Files that have not ended.
        var unfinished = 0
        /// Lanes that a thread drives.
        var driven = 0
        /// Lanes without files.
        var idle: [FileLanes] = []

        mutating func fill(_ lanes: FileLanes) {
            while lanes.hasRoom, let job = waiting.first {
                waiting.removeFirst()
                lanes.add(job)
            }
        }

        /// Hands lanes to a thread that waits for its file.
        mutating func leave(_ lanes: FileLanes) {
            fill(lanes)
            if let next = lanes.firstJob {
                next.hand(lanes)
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
    private static let mostDriven = ProcessorCount.granted(environment: [:])

    private let algorithm: LaneDigests.Algorithm
    private let state = Mutex(State())

    init(_ algorithm: LaneDigests.Algorithm) { self.algorithm = algorithm }

    /// The hash of a part of a file; blocks until it is known.
    func bytes(of path: String, range: Range<Int>) throws -> [UInt8] {
        let job = try DigestJob(path, range)
        if let lanes = enter(job) { drive(lanes, for: job) }
        while true {
            switch job.awaitTurn() {
            case .ended(let result): return try result.get()
            case .drives(let lanes): drive(lanes, for: job)
            }
        }
    }

    /// Leaves a file to others, or puts it into lanes that its own thread has to drive.
    private func enter(_ job: DigestJob) -> FileLanes? {
        state.withLock { state in
            state.unfinished += 1
            let idle = state.idle.popLast() ?? FileLanes(algorithm)
            guard state.driven < SharedDigest.mostDriven, state.unfinished > state.driven * idle.count else {
                state.waiting.append(job)
                state.idle.append(idle)
                return nil
            }
            state.driven += 1
            idle.add(job)
            return idle
        }
    }

    /// Hashes what is in the lanes, and what comes, until one's own file has ended.
    private func drive(_ lanes: FileLanes, for job: DigestJob) {
        var isOwnFinished = false
        while !isOwnFinished {
            state.withLock { $0.fill(lanes) }
            let ended = lanes.advance()
            state.withLock { $0.unfinished -= ended.count }
            for (file, result) in ended {
                file.end(result)
                isOwnFinished = isOwnFinished || file === job
            }
        }
        state.withLock { $0.leave(lanes) }
    }
}

/// A file that a thread wants the hash of.
final class DigestJob: Sendable {
    /// What the thread has to do next.
    enum Turn {
        case ended(Result<[UInt8], any Error>)
        case drives(FileLanes)
    }

    let file: LocalFile
    let range: Range<Int>
    private let turn = Monitor<Turn?>(nil)

    init(_ path: String, _ range: Range<Int>) throws {
        file = try LocalFile(reading: path)
        self.range = range
    }

    func end(_ result: Result<[UInt8], any Error>) { turn.change { $0 = .ended(result) } }

    func hand(_ lanes: FileLanes) { turn.change { $0 = .drives(lanes) } }

    func awaitTurn() -> Turn {
        turn.wait { turn in
            defer { turn = nil }
            return turn
        }
    }
}
