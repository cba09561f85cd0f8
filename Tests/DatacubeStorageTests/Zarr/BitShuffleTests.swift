import CBitShuffle
import CBlosc
import Testing

@testable import DatacubeStorage

/// What is restored of shuffled blocks, against what C-Blosc itself decodes.
@Suite struct BitShuffleTests {
    /// Sizes with and without whole groups of eight elements, in one block and in several with a shorter last one.
    @Test(arguments: [(7, 13), (16, 64), (64, 64), (33, 1000), (100, 1031), (512, 512)], [0, 4096, 20_000])
    func anyPartOfAChunkIsWhatBloscDecodes(_ shape: (rows: Int, columns: Int), _ blockBytes: Int) throws {
        var random = SeededGenerator(seed: UInt64(shape.rows * 7919 + shape.columns + blockBytes))
        let elements = (0..<shape.rows * shape.columns).map {
            UInt16(1000 + $0 / 5 % 700 + .random(in: 0..<90, using: &random))
        }
        let metadata = ArrayMetadata(
            shape: [shape.rows, shape.columns],
            chunkShape: [shape.rows, shape.columns],
            dataType: .uint16,
            fillValue: 0,
            codecs: [.bytes, .blosc("lz4", level: 5, shuffle: .bitshuffle, typeSize: 2, blockSize: blockBytes)]
        )
        let store = MemoryStore()
        let array = try ZarrArray.create(store: store, path: "", metadata: metadata)
        _ = try elements.withUnsafeBytes { try array.writeChunk(at: [0, 0], from: $0) }
        #expect(try decodedByBlosc(#require(try store.get("c/0/0")), count: elements.count) == elements)
        for _ in 0..<40 {
            let rows = range(within: shape.rows, &random)
            let columns = range(within: shape.columns, &random)
            var part = [UInt16](repeating: 0, count: rows.count * columns.count)
            try part.withUnsafeMutableBytes { try array.read(region: [rows, columns], into: $0) }
            let expected = rows.flatMap { row in columns.map { elements[row * shape.columns + $0] } }
            #expect(part == expected, "rows \(rows), columns \(columns)")
        }
    }

    /// Runs of bytes begin and end anywhere where Blosc was told of wider elements than there are.
    @Test func bytesShuffledAsWordsAreWhatBloscDecodes() throws {
        let (height, width) = (61, 67)
        let elements = (0..<height * width).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let metadata = ArrayMetadata(
            shape: [height, width],
            chunkShape: [height, width],
            dataType: .uint8,
            fillValue: 0,
            codecs: [.bytes, .blosc("lz4", level: 5, shuffle: .bitshuffle, typeSize: 2, blockSize: 1024)]
        )
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        try array.writeAll(elements)
        var random = SeededGenerator(seed: 5)
        for _ in 0..<40 {
            let region = [range(within: height, &random), range(within: width, &random)]
            var part = [UInt8](repeating: 0, count: region[0].count * region[1].count)
            try part.withUnsafeMutableBytes { try array.read(region: region, into: $0) }
            #expect(part == region[0].flatMap { row in region[1].map { elements[row * width + $0] } }, "\(region)")
        }
    }

    /// Whole rows of chunks go to their places in a wider region at once, in one block and across the borders of blocks.
    @Test(arguments: [0, 4096, 6000, 8192])
    func rowsOfNeighbouringChunksMeet(_ blockBytes: Int) throws {
        let shape = [3, 50, 256]
        let elements = (0..<shape.reduce(1, *)).map { UInt16(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let metadata = ArrayMetadata(
            shape: shape,
            chunkShape: [2, 25, 64],
            dataType: .uint16,
            fillValue: 0,
            codecs: [.bytes, .blosc("lz4", level: 5, shuffle: .bitshuffle, typeSize: 2, blockSize: blockBytes)]
        )
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        try array.writeAll(elements)
        var random = SeededGenerator(seed: UInt64(blockBytes))
        for _ in 0..<60 {
            let region = shape.map { range(within: $0, &random) }
            var part = [UInt16](repeating: 0, count: region.reduce(1) { $0 * $1.count })
            try part.withUnsafeMutableBytes { try array.read(region: region, into: $0) }
            let expected = region[0].flatMap { plane in
                region[1].flatMap { row in region[2].map { elements[(plane * 50 + row) * 256 + $0] } }
            }
            #expect(part == expected, "\(region)")
        }
    }

    /// Whatever instructions the processor has, the elements are the same.
    @Test(arguments: [1, 15, 16, 63, 64, 65, 128, 200, 515])
    func allInstructionsRestoreTheSame(_ groups: Int) {
        var random = SeededGenerator(seed: UInt64(groups))
        let elements = 8 * (groups + 9)
        let planes = (0..<2 * elements).map { _ in UInt8.random(in: 0...255, using: &random) }
        var (found, expected) = ([UInt8](repeating: 0, count: 16 * groups), [UInt8](repeating: 1, count: 16 * groups))
        bit_unshuffle_16(planes, elements, 40, 8 * groups, &found)
        bit_unshuffle_16_portable(planes, elements, 40, 8 * groups, &expected)
        #expect(found == expected)
        for element in [0, 7, 8 * groups - 1] {
            let place = 40 + element
            let bits = (0..<16).map { Int(planes[$0 * elements / 8 + place / 8]) >> (place % 8) & 1 }
            let value = bits.enumerated().reduce(0) { $0 + $1.element << $1.offset }
            #expect(Int(found[2 * element]) + Int(found[2 * element + 1]) << 8 == value)
        }
    }

    private func range(within length: Int, _ random: inout SeededGenerator) -> Range<Int> {
        let start = Int.random(in: 0..<length, using: &random)
        return start..<Int.random(in: (start + 1)...length, using: &random)
    }

    private func decodedByBlosc(_ frame: [UInt8], count: Int) -> [UInt16] {
        var elements = [UInt16](repeating: 0, count: count)
        let bytes = elements.withUnsafeMutableBytes { blosc_decompress_ctx(frame, $0.baseAddress, $0.count, 1) }
        return Int(bytes) == 2 * count ? elements : []
    }
}
