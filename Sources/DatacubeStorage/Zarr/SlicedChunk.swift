import Synchronization

/// A chunk that comes from a distant store in slices that are asked for at the same time.
///
/// A connection brings little at first, so that one request for a large chunk takes many round trips. Whoever brings the last
/// slice decodes the chunk.
///
/// Bound: the chunk's stored bytes, from the first slice to the end of decoding, in memory that is kept for the next ones.
final class SlicedChunk: Sendable {
    /// What has been learned when all slices are there.
    enum Content: Sendable {
        case missing
        case stored(ChunkMemory, size: Int)
    }

    private struct Arrived {
        var slices = 0
        var memory: ChunkMemory?
        /// Slices that were answered by an object, and where it ends.
        var found = 0
        var size = 0
        var states: Set<String> = []
    }

    let key: String
    let index: [Int]
    let overlap: ChunkOverlap
    /// Slices, of which the last has what is left, however much.
    let count: Int
    private let room: Int
    private let arrived = Mutex(Arrived())

    /// Smaller ones cost the server and this side more for requests than they win.
    static let sliceBytes = 6 << 20
    /// Seconds of a round trip below which slices only cost requests.
    private static let nearby = 0.004
    private static let mostSlices = 16

    /// How many slices are worth asking for of an object of about so many bytes.
    static func count(forBytes bytes: Int, delay: Double?) -> Int {
        guard let delay, delay >= nearby else { return 1 }
        return max(1, min(mostSlices, (bytes + sliceBytes - 1) / sliceBytes))
    }

    /// Begins with nothing; `room` is more bytes than a stored chunk has.
    init(_ key: String, index: [Int], overlap: ChunkOverlap, count: Int, room: Int) {
        (self.key, self.index, self.overlap, self.count) = (key, index, overlap, count)
        self.room = max(room, count * Self.sliceBytes)
    }

    /// Brings a slice; of the last one to arrive, what all of them are.
    ///
    /// - Throws: `mismatch` when the object was replaced meanwhile.
    func fetch(_ number: Int, from store: any ObjectStore) throws -> Content? {
        let memory = arrived.withLock { arrived in
            let memory = arrived.memory ?? ChunkMemory.take(room)
            arrived.memory = memory
            return memory
        }
        let start = number * Self.sliceBytes
        let end = number == count - 1 ? room : start + Self.sliceBytes
        let slice = try unsafe store.get(key, slice: start, into: memory.bytes(start..<end))
        let whole: Arrived? = arrived.withLock { arrived in
            arrived.slices += 1
            if let slice {
                arrived.found += 1
                if slice.count > 0 { arrived.size = max(arrived.size, start + slice.count) }
                if let state = slice.state { arrived.states.insert(state) }
            }
            guard arrived.slices == count else { return nil }
            defer { arrived.memory = nil }
            return arrived
        }
        guard let whole, let memory = whole.memory else { return nil }
        guard whole.states.count <= 1, whole.found == 0 || whole.found == count else {
            throw PipelineError(.mismatch, "it was replaced while it was read")
        }
        return whole.found == 0 ? .missing : .stored(memory, size: whole.size)
    }
}

/// The stored bytes of a chunk, in memory that is used again: fresh pages would cost as much as a network brings meanwhile.
@safe final class ChunkMemory: @unchecked Sendable {
    // Sound: slices of one chunk write disjoint parts, and whoever got all of them is the only one to read them.
    private let memory: UnsafeMutableRawBufferPointer

    private init(_ count: Int) { unsafe memory = .allocate(byteCount: count, alignment: 64) }

    deinit { unsafe memory.deallocate() }

    func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range])
    }

    // As much as all reads of an array may have in flight.
    private static let mostKept = 512 << 20
    private static let kept = Mutex<[ChunkMemory]>([])

    static func take(_ count: Int) -> ChunkMemory {
        let found = kept.withLock { kept in
            kept.lastIndex { unsafe $0.memory.count >= count }.map { kept.remove(at: $0) }
        }
        return found ?? ChunkMemory(count)
    }

    /// Keeps the memory for the next chunk.
    func giveBack() {
        ChunkMemory.kept.withLock { kept in
            let bytes = unsafe kept.reduce(memory.count) { unsafe $0 + $1.memory.count }
            if bytes <= ChunkMemory.mostKept { kept.append(self) }
        }
    }
}

/// How large the chunks of an array were that have been read, as an expectation for the next ones.
final class ChunkSizes: Sendable {
    private let largest = Atomic(0)

    /// Stored bytes of a chunk that is `share` within the array, or nil where none was read.
    func expected(share: Double) -> Int? {
        let bytes = largest.load(ordering: .relaxed)
        return bytes == 0 ? nil : Int(Double(bytes) * share)
    }

    func learn(_ size: Int, share: Double) {
        let whole = Int(Double(size) / max(share, 1e-3))
        if whole > largest.load(ordering: .relaxed) { largest.store(whole, ordering: .relaxed) }
    }
}
