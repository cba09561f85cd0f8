import Testing

@testable import DatacubeStorage

/// What a disk is told to begin with is what is then read, no more and no less.
@Suite struct AnnouncementTests {
    private static let blosc = CodecDescription.blosc(
        "lz4",
        level: 5,
        shuffle: .bitshuffle,
        typeSize: 2,
        blockSize: 4096
    )

    private func make(_ store: any ObjectStore, _ codecs: [CodecDescription]) throws -> ZarrArray {
        let metadata = ArrayMetadata(
            shape: [8, 64, 64],
            chunkShape: [8, 64, 64],
            dataType: .uint16,
            fillValue: 0,
            codecs: codecs
        )
        let array = try ZarrArray.create(store: store, path: "data", metadata: metadata)
        var random = SeededGenerator(seed: 1)
        let elements = random.pixels(8 * 64 * 64)
        _ = try elements.withUnsafeBytes { try array.writeChunk(at: [0, 0, 0], from: $0) }
        return try ZarrArray.open(store: store, path: "data")
    }

    @Test(
        arguments: [
            [.bytes, blosc], [.bytes, .zstd(level: 1)],
            [.shardingIndexed(chunkShape: [4, 16, 16], codecs: [.bytes, blosc])],
        ] as [[CodecDescription]]
    )
    func announcedIsWhatIsRead(_ codecs: [CodecDescription]) throws {
        let store = CountingStore()
        let array = try make(store, codecs)
        let region = [2..<5, 10..<12, 0..<40]
        for chunk in try array.unprepared(array.chunks(touching: region)) { try array.prepare(chunk) }
        try DecodeScratch.withScratch { scratch in
            for chunk in try array.chunks(touching: region).selections { try array.announce(chunk, scratch: scratch) }
        }
        // A chunk's beginning is read to know what else will be.
        let before = Set(store.reads)
        var elements = [UInt16](repeating: 0, count: 3 * 2 * 40)
        try elements.withUnsafeMutableBytes { try array.read(region: region, into: $0) }
        #expect(!store.announced.isEmpty)
        #expect(Set(store.announced) == Set(store.reads).subtracting(before))
    }
}
