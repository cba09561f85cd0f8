import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct ShardReadingTests {
    private static let metadata = ArrayMetadata(
        shape: [4, 64, 64],
        chunkShape: [4, 32, 32],
        dataType: .uint16,
        fillValue: 7,
        codecs: [.shardingIndexed(chunkShape: [4, 8, 8], codecs: [.bytes, .crc32c])]
    )

    /// An array of which each shard but the last is stored, element by element its own position.
    private func make(in store: any ObjectStore) throws -> ZarrArray {
        let array = try ZarrArray.create(store: store, path: "data", metadata: Self.metadata)
        for (number, index) in array.metadata.grid.indices.dropLast().enumerated() {
            try write(array, index, first: UInt16(number * 4096))
        }
        return try ZarrArray.open(store: store, path: "data")
    }

    private func write(_ array: ZarrArray, _ index: [Int], first: UInt16) throws {
        let elements = (0..<UInt16(4096)).map { first + $0 }
        _ = try elements.withUnsafeBytes { try array.writeChunk(at: index, from: $0) }
    }

    private func read(_ array: ZarrArray, _ region: [Range<Int>]) throws -> [UInt16] {
        var elements = [UInt16](repeating: 1, count: region.reduce(1) { $0 * $1.count })
        try elements.withUnsafeMutableBytes { try array.read(region: region, into: $0) }
        return elements
    }

    @Test func anIndexIsReadOnceAndInnerChunksAlone() throws {
        let store = CountingStore()
        let array = try make(in: store)
        let first = try read(array, [1..<2, 0..<8, 0..<8])
        let rows: [[UInt16]] = (0..<8).map { row in (0..<8).map { UInt16(1024 + row * 32 + $0) } }
        #expect(first == rows.flatMap { $0 })
        // Of 16 inner chunks with a checksum, and one of them with its own.
        let (indexBytes, chunkBytes) = (260, 516)
        #expect(store.readBytes == indexBytes + chunkBytes && store.readCount == 2)
        _ = try read(array, [0..<4, 8..<16, 8..<16])
        #expect(store.readBytes == indexBytes + 2 * chunkBytes && store.readCount == 3)
    }

    @Test func neighboursComeTogether() throws {
        let store = CountingStore()
        let array = try make(in: store)
        _ = try read(array, [0..<4, 0..<8, 0..<32])
        #expect(store.readCount == 2)
        _ = try read(array, [0..<4, 0..<32, 0..<32])
        #expect(store.readCount == 3)
    }

    @Test func aMissingShardHasTheFillValue() throws {
        let array = try make(in: MemoryStore())
        #expect(try read(array, [0..<4, 32..<64, 32..<64]).allSatisfy { $0 == 7 })
        let across = try read(array, [0..<1, 40..<41, 30..<34])
        // Row 8 of the third shard.
        #expect(across == [8192 + 286, 8192 + 287, 7, 7])
    }

    @Test func aDamagedInnerChunkIsNamedAndOthersStayReadable() throws {
        let store = MemoryStore()
        let array = try make(in: store)
        var bytes = try #require(try store.get("data/c/0/0/1"))
        bytes[10] ^= 1
        try store.put("data/c/0/0/1", bytes, durability: .deferred)
        let error = #expect(throws: PipelineError.self) { try read(array, [0..<1, 0..<8, 32..<40]) }
        #expect(error?.code == .corrupt && error?.message.contains("data/c/0/0/1") == true)
        #expect(try read(array, [0..<1, 0..<1, 40..<41]) == [4104])
    }

    @Test func aDamagedIndexIsAnErrorAndNoFillValue() throws {
        let store = MemoryStore()
        let array = try make(in: store)
        var bytes = try #require(try store.get("data/c/0/0/0"))
        bytes[bytes.count - 20] ^= 1
        try store.put("data/c/0/0/0", bytes, durability: .deferred)
        let error = #expect(throws: PipelineError.self) { try read(array, [0..<1, 0..<8, 0..<8]) }
        #expect(error?.code == .corrupt && error?.message.contains("data/c/0/0/0") == true)
    }

    @Test func aShardThatWasReplacedIsNoticed() throws {
        try withTemporaryDirectory { directory in
            let array = try make(in: LocalStore(root: directory))
            #expect(try read(array, [0..<1, 0..<1, 0..<1]) == [0])
            let other = try ZarrArray.open(store: LocalStore(root: directory), path: "data")
            let half = (0..<UInt16(4096)).map { $0 % 1024 < 512 ? 7 : $0 }
            _ = try half.withUnsafeBytes { try other.writeChunk(at: [0, 0, 0], from: $0) }
            let error = #expect(throws: PipelineError.self) { try read(array, [0..<1, 0..<1, 0..<1]) }
            #expect(error?.code == .mismatch && error?.message.contains("data/c/0/0/0") == true)
            // Who writes through the array itself knows.
            try write(array, [0, 0, 0], first: 5)
            #expect(try read(array, [0..<1, 0..<1, 0..<1]) == [5])
        }
    }

    @Test func partsAreRefusedWithoutTheirIndex() throws {
        let array = try make(in: MemoryStore())
        #expect(throws: PipelineError.self) {
            try array.parts(of: array.chunks(touching: [0..<1, 0..<8, 0..<8]), threads: 1)
        }
    }
}
