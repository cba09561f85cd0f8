import Glibc
import Synchronization
import Testing

@testable import DatacubeStorage

/// Chunks on a store to which each read is a journey.
@Suite struct DistantChunkTests {
    private static let shape = [8, 128, 128]

    private static let blosc = CodecDescription.blosc(
        "lz4",
        level: 1,
        shuffle: .bitshuffle,
        typeSize: 2,
        blockSize: 32_768
    )

    /// An array of one chunk, a block for each first index, and what it holds.
    private func make(_ store: CountingStore) throws -> (ZarrArray, [UInt16]) {
        let metadata = ArrayMetadata(
            shape: Self.shape,
            chunkShape: Self.shape,
            dataType: .uint16,
            fillValue: 7,
            codecs: [.bytes, Self.blosc]
        )
        let array = try ZarrArray.create(store: store, path: "data", metadata: metadata)
        var random = SeededGenerator(seed: 3)
        let elements = (0..<8 * 128 * 128).map { _ in UInt16.random(in: 0...300, using: &random) }
        _ = try elements.withUnsafeBytes { try array.writeChunk(at: [0, 0, 0], from: $0) }
        return (try ZarrArray.open(store: store, path: "data"), elements)
    }

    private func read(_ array: ZarrArray, _ dates: Range<Int>) throws -> [UInt16] {
        var elements = [UInt16](repeating: 1, count: dates.count * 128 * 128)
        try elements.withUnsafeMutableBytes { try array.read(region: [dates, 0..<128, 0..<128], into: $0) }
        return elements
    }

    @Test func theBeginningOfAChunkIsReadOnce() throws {
        let store = CountingStore(requestsInFlight: 8, rangeGap: 0)
        let (array, elements) = try make(store)
        let before = store.readCount
        #expect(try read(array, 2..<3) == Array(elements[2 * 16_384..<3 * 16_384]))
        #expect(store.readCount == before + 2 && store.reads[before] == 0..<BloscFrame.prefixBytes)
        #expect(try read(array, 5..<7) == Array(elements[5 * 16_384..<7 * 16_384]))
        #expect(store.readCount == before + 3)
    }

    @Test func aChunkThatIsWantedWholeTakesOneRequest() throws {
        let store = CountingStore(requestsInFlight: 8, rangeGap: 1 << 20)
        let (array, elements) = try make(store)
        let before = store.readCount
        #expect(try read(array, 0..<8) == elements)
        #expect(store.readCount == before + 1)
    }

    @Test(arguments: [0, 1 << 20]) func aMissingChunkHasTheFillValue(gap: Int) throws {
        let store = CountingStore(requestsInFlight: 8, rangeGap: gap)
        let (array, _) = try make(store)
        try store.delete("data/c/0/0/0")
        #expect(try read(array, 3..<4).allSatisfy { $0 == 7 })
    }

    /// A near server gives a chunk by one request; over a long way several connections bring it sooner.
    @Test(arguments: [(nil, 1), (0.001, 1), (0.03, 8)] as [(Double?, Int)])
    func chunksAreCutByTheLink(_ delay: Double?, _ pieces: Int) {
        #expect(StoreProperties(rangeGap: 0, requestsInFlight: 8, delay: delay).pieces(for: 2) == pieces)
        let disk = StoreProperties(rangeGap: 0)
        #expect(disk.pieces(for: 1) == 1 && disk.pieces(for: 1000) == ProcessorCount.granted)
    }

    @Test(
        arguments: [(nil, 30, 1), (0.001, 30, 1), (0.03, 1, 1), (0.03, 30, 5), (0.03, 1000, 16)]
            as [(Double?, Int, Int)]
    )
    func chunksAreSlicedOverALongWay(_ delay: Double?, _ megabytes: Int, _ slices: Int) {
        #expect(SlicedChunk.count(forBytes: megabytes << 20, delay: delay) == slices)
    }

    /// Two chunks of 20 MiB that hardly compress; of the second, a tenth is within the array.
    private static let large = ArrayMetadata(
        shape: [11, 1024, 1024],
        chunkShape: [10, 1024, 1024],
        dataType: .uint16,
        fillValue: 7,
        codecs: [.bytes, blosc]
    )

    private func makeLarge(_ store: any ObjectStore, seed: UInt64) async throws -> (ZarrArray, [UInt16]) {
        let array = try ZarrArray.create(store: store, path: "data", metadata: Self.large)
        var random = SeededGenerator(seed: seed)
        let elements = (0..<20 << 20).map { _ in UInt16(truncatingIfNeeded: random.next()) }
        try elements.withUnsafeBytes { bytes in
            let chunk = 20 << 20
            try array.writeChunk(at: [0, 0, 0], from: UnsafeRawBufferPointer(rebasing: bytes[..<chunk]))
            try array.writeChunk(at: [1, 0, 0], from: UnsafeRawBufferPointer(rebasing: bytes[chunk...]))
        }
        return (try ZarrArray.open(store: store, path: "data"), elements)
    }

    private func readLarge(_ array: ZarrArray) async throws -> [UInt16] {
        let executor = BlockingExecutor(width: 8)
        var elements = [UInt16](repeating: 1, count: 11 << 20)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 22 << 20, alignment: 64)
        defer { buffer.deallocate() }
        try await array.read(region: [0..<11, 0..<1024, 0..<1024], into: buffer, on: executor)
        elements.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(buffer)) }
        return elements
    }

    @Test func slicesAreTheChunk() async throws {
        let server = try SmallS3Server()
        let store = DelayedStore(base: S3Store(bucket: try testClient(server.url).bucket("bucket")))
        let (array, elements) = try await makeLarge(store, seed: 1)
        // The first time by a guess of their size, the second by what was learned.
        for _ in 0..<2 { #expect(try await readLarge(array) == Array(elements[..<(11 << 20)])) }
        #expect(store.slices.load(ordering: .relaxed) == 2 + 4, "what is mostly outside the array comes whole")
        let first = try #require(try store.get("data/c/0/0/0"))
        try store.put("data/c/0/0/0", [], durability: .synchronized)
        await #expect(throws: PipelineError.self, "an empty object is no chunk") { _ = try await readLarge(array) }
        try store.put("data/c/0/0/0", first, durability: .synchronized)
        try store.delete("data/c/1/0/0")
        let filled = try await readLarge(array)
        #expect(filled[..<(10 << 20)] == elements[..<(10 << 20)] && filled[(10 << 20)...].allSatisfy { $0 == 7 })
    }

    @Test func aChunkThatIsReplacedBetweenItsSlicesIsReadAgain() async throws {
        let server = try SmallS3Server()
        let store = DelayedStore(base: S3Store(bucket: try testClient(server.url).bucket("bucket")))
        let (_, later) = try await makeLarge(store, seed: 2)
        let replacement = try #require(try store.get("data/c/0/0/0"))
        let (array, _) = try await makeLarge(store, seed: 1)
        store.afterFirstSlice { try store.put("data/c/0/0/0", replacement, durability: .synchronized) }
        #expect(try await readLarge(array)[..<(10 << 20)] == later[..<(10 << 20)])
    }

    @Test func aChunkThatWasReplacedIsReadAsItIsNow() throws {
        let server = try SmallS3Server()
        let store = S3Store(bucket: try testClient(server.url).bucket("bucket"), rangeGap: 0)
        let source = CountingStore()
        let (array, elements) = try make(source)
        for key in ["data/zarr.json", "data/c/0/0/0"] {
            try store.put(key, #require(try source.get(key)), durability: .synchronized)
        }
        let opened = try ZarrArray.open(store: store, path: "data")
        #expect(try read(opened, 1..<2) == Array(elements[16_384..<2 * 16_384]))
        let later = elements.map { $0 + 1 }
        _ = try later.withUnsafeBytes { try array.writeChunk(at: [0, 0, 0], from: $0) }
        try store.put("data/c/0/0/0", #require(try source.get("data/c/0/0/0")), durability: .synchronized)
        #expect(try read(opened, 1..<2) == Array(later[16_384..<2 * 16_384]))
    }
}

/// A store that says to be 30 ms away.
private final class DelayedStore: ForwardingStore {
    let base: any ObjectStore
    let slices = Atomic(0)
    private let interruption = Mutex<(@Sendable () throws -> Void)?>(nil)

    init(base: any ObjectStore) { self.base = base }

    var properties: StoreProperties {
        var properties = base.properties
        properties.delay = 0.03
        return properties
    }

    func afterFirstSlice(_ interruption: @escaping @Sendable () throws -> Void) {
        self.interruption.withLock { $0 = interruption }
    }

    func get(_ key: String, slice offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> ObjectSlice? {
        slices.add(1, ordering: .relaxed)
        while offset > 0, interruption.withLock({ $0 != nil }) { usleep(1000) }
        let slice = try base.get(key, slice: offset, into: buffer)
        if let interruption = interruption.withLock({ $0 }), offset == 0 {
            try interruption()
            self.interruption.withLock { $0 = nil }
        }
        return slice
    }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try base.put(key, bytes, durability: durability)
    }

    func delete(_ key: String) throws { try base.delete(key) }
}
