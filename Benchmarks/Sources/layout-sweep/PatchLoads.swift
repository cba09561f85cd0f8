import DatacubeStorage
import Synchronization

/// The three arrays of a tile-year in one layout, and loads of patches from them.
struct PatchLoads {
    private let arrays: [(resolution: Resolution, array: ZarrArray)]
    private let executor: BlockingExecutor
    private let buffers: [PixelBuffer<UInt16>]
    static let metres = 5100

    init(_ store: any ObjectStore, _ path: String, on executor: BlockingExecutor) throws {
        arrays = try Resolution.allCases.map { ($0, try ZarrArray.open(store: store, path: "\(path)/\($0.name)/data")) }
        self.executor = executor
        buffers = try arrays.map { resolution, array in
            let side = PatchLoads.metres / resolution.metres
            return try PixelBuffer(zeroed: array.metadata.shape[0] * array.metadata.shape[1] * side * side)
        }
    }

    /// How many places there are along a side, on the grid of 60 m.
    var places: Int { (arrays.first?.array.metadata.shape[3] ?? 0) * 10 / 60 - PatchLoads.metres / 60 + 1 }

    /// Loads all dates and bands of a patch, which begins `x` and `y` steps of 60 m from the corner.
    ///
    /// - Returns: seconds.
    func load(x: Int, y: Int) async throws -> Double {
        let start = SystemClock.seconds()
        for (number, (resolution, array)) in arrays.enumerated() {
            let scale = 60 / resolution.metres
            let side = PatchLoads.metres / resolution.metres
            let shape = array.metadata.shape
            let region = [
                0..<shape[0], 0..<shape[1], y * scale..<y * scale + side, x * scale..<x * scale + side,
            ]
            let chunks = try array.chunks(touching: region)
            let unprepared = array.unprepared(chunks)
            try await executor.forEach(unprepared.count) { try array.prepare(unprepared[$0]) }
            let parts = try array.parts(of: chunks, threads: executor.width)
            let pixels = buffers[number]
            try await executor.forEach(parts.count) { part in
                try pixels.withPixels(0..<pixels.count) { pixels in
                    try DecodeScratch.withScratch {
                        try array.read(parts[part], into: UnsafeMutableRawBufferPointer(pixels), scratch: $0)
                    }
                }
            }
        }
        return SystemClock.seconds() - start
    }

    /// A checksum of what the last load brought.
    func checksum() -> [UInt32] {
        buffers.map { buffer in
            buffer.withPixels(0..<buffer.count) {
                CRC32.checksum(UnsafeRawBufferPointer($0))
            }
        }
    }
}

/// Counts what is read, and joins ranges as reads from S3 are joined.
struct CountingStore: ObjectStore {
    let base: any ObjectStore
    let rangeGap: Int
    let counts = Counts()

    var properties: StoreProperties {
        var properties = base.properties
        properties.rangeGap = rangeGap
        return properties
    }

    final class Counts: Sendable {
        private let state = Mutex((requests: 0, bytes: 0))
        func add(_ bytes: Int) { state.withLock { $0 = ($0.requests + 1, $0.bytes + bytes) } }
        var value: (requests: Int, bytes: Int) { state.withLock { $0 } }
    }

    var description: String { "\(base)" }
    func get(_ key: String, limit: Int) throws -> [UInt8]? { try base.get(key, limit: limit) }
    func reader(of key: String) throws -> (any ObjectReader)? {
        try base.reader(of: key).map { Reader(base: $0, counts: counts) }
    }
    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try base.put(key, bytes, durability: durability)
    }
    func delete(_ key: String) throws { try base.delete(key) }
    func list(_ prefix: String) throws -> [ObjectEntry] { try base.list(prefix) }
    func size(of key: String) throws -> Int? { try base.size(of: key) }
    func synchronize() throws { try base.synchronize() }

    private struct Reader: ObjectReader {
        let base: any ObjectReader
        let counts: Counts
        var holdsDescriptor: Bool { base.holdsDescriptor }
        func size() throws -> Int { try base.size() }
        func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
            counts.add(buffer.count)
            try base.read(offset, into: buffer)
        }
    }
}
