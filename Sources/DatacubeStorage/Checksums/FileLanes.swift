/// Files on their way through the lanes of a hash; used by one thread at a time.
@safe final class FileLanes: @unchecked Sendable {
    // Sound: ``SharedDigest`` hands an instance from thread to thread under a lock.
    private struct Lane {
        let job: DigestJob
        /// What of the file has not been read yet.
        var rest: Range<Int>
        /// What of the lane's memory has not been hashed yet: whole blocks.
        var ready = 0..<0
        var isPadded = false
    }

    // A multiple of both algorithms' blocks, so large that system calls cost little and so small that all lanes stay in
    // the processor's second cache.
    private static let pieceBytes = 4 * 64 * 136

    private let digests: LaneDigests
    private let laneBytes: Int
    private let memory: UnsafeMutableRawBufferPointer
    private var lanes: [Lane?]

    init(_ algorithm: LaneDigests.Algorithm) {
        digests = LaneDigests(algorithm)
        // The padding may take two blocks.
        laneBytes = Self.pieceBytes + 2 * digests.blockBytes
        lanes = Array(repeating: nil, count: digests.count)
        unsafe memory = .allocate(byteCount: laneBytes * digests.count, alignment: 64)
        // Lanes without a file are computed like the others.
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { unsafe memory.deallocate() }

    /// How many files can be hashed at a time.
    var count: Int { lanes.count }

    /// Whether another file can be added.
    var hasRoom: Bool { lanes.contains { $0 == nil } }

    /// The files.
    var jobs: [DigestJob] { lanes.compactMap { $0?.job } }

    /// Puts a file into the first free lane; there must be one.
    func add(_ job: DigestJob) {
        guard let lane = lanes.firstIndex(where: { $0 == nil }) else { preconditionFailure("every lane has a file") }
        digests.begin(lane)
        lanes[lane] = Lane(job: job, rest: job.range)
    }

    /// Reads and hashes a piece of every file.
    ///
    /// - Returns: The files that have ended, with their hashes.
    func advance() -> [(job: DigestJob, result: Result<[UInt8], any Error>)] {
        var ended: [(job: DigestJob, result: Result<[UInt8], any Error>)] = []
        for index in lanes.indices {
            guard let job = lanes[index]?.job else { continue }
            do {
                try refill(index)
            } catch {
                ended.append((job, .failure(error)))
                lanes[index] = nil
            }
        }
        hash()
        for (index, lane) in lanes.enumerated() {
            guard let lane, lane.isPadded, lane.ready.isEmpty else { continue }
            ended.append((lane.job, .success(digests.digest(index))))
            lanes[index] = nil
        }
        return ended
    }

    private func refill(_ index: Int) throws {
        guard var lane = lanes[index], lane.ready.isEmpty else { return }
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[index * laneBytes..<(index + 1) * laneBytes])
        var count = min(Self.pieceBytes, lane.rest.count)
        try unsafe lane.job.source.read(
            into: UnsafeMutableRawBufferPointer(rebasing: target[..<count]),
            at: lane.rest.lowerBound
        )
        lane.rest = lane.rest.dropFirst(count)
        if lane.rest.isEmpty {
            let padding = digests.padding(after: lane.job.range.count)
            unsafe target[count...].copyBytes(from: padding)
            count += padding.count
            lane.isPadded = true
        }
        lane.ready = 0..<count
        lanes[index] = lane
    }

    /// Hashes as much as every lane has.
    private func hash() {
        guard let count = lanes.compactMap({ $0?.ready.count }).min() else { return }
        let starts = unsafe lanes.indices.map { index in
            unsafe memory.assumingMemoryBound(to: UInt8.self).baseAddress.map {
                unsafe UnsafePointer($0 + index * laneBytes + (lanes[index]?.ready.lowerBound ?? 0))
            }
        }
        let used = (lanes.lastIndex { $0 != nil } ?? -1) + 1
        unsafe digests.update(starts, used: used, blocks: count / digests.blockBytes)
        for index in lanes.indices { lanes[index]?.ready.removeFirst(count) }
    }
}
