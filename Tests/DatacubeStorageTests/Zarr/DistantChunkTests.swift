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
