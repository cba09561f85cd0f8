import DatacubeStorage
import Testing

/// Bytes that the specifications' texts and other implementations give.
@Suite struct KnownAnswerTests {
    private func stored<Element: ZarrElement>(
        _ values: [Element],
        shape: [Int],
        _ codecs: [CodecDescription],
        fill: FillValue = 0
    ) throws -> [UInt8] {
        let store = MemoryStore()
        let metadata = ArrayMetadata(
            shape: shape,
            chunkShape: shape,
            dataType: Element.dataType,
            fillValue: fill,
            codecs: codecs
        )
        try ZarrArray.create(store: store, path: "", metadata: metadata).writeAll(values)
        return try #require(try store.get("c" + shape.map { _ in "/0" }.joined()))
    }

    @Test func bytesInBothOrders() throws {
        let big = CodecDescription(name: "bytes", configuration: ["endian": "big"])
        #expect(try stored([1, 0x0203] as [UInt16], shape: [2], [.bytes]) == [1, 0, 3, 2])
        #expect(try stored([1, 0x0203] as [UInt16], shape: [2], [big]) == [0, 1, 2, 3])
        #expect(try stored([true, false], shape: [2], [.bytes], fill: false) == [1, 0])
        #expect(try stored([1.0] as [Double], shape: [1], [big]) == [0x3F, 0xF0, 0, 0, 0, 0, 0, 0])
    }

    /// Axis i of the stored chunk is axis order[i] of the array: a matrix becomes column after column.
    @Test func transposeOfAMatrix() throws {
        let values: [UInt8] = [1, 2, 3, 4, 5, 6]
        #expect(try stored(values, shape: [2, 3], [.transpose([1, 0]), .bytes]) == [1, 4, 2, 5, 3, 6])
        let cube = (0..<24).map { UInt8($0) }
        // numpy.arange(24).reshape(2, 3, 4).transpose(2, 0, 1).ravel()
        let expected: [UInt8] = [0, 4, 8, 12, 16, 20, 1, 5, 9, 13, 17, 21, 2, 6, 10, 14, 18, 22, 3, 7, 11, 15, 19, 23]
        #expect(try stored(cube, shape: [2, 3, 4], [.transpose([2, 0, 1]), .bytes]) == expected)
    }

    /// RFC 3720, appendix B.4: 32 bytes of ones have the checksum 43 ab a8 62, in this order on the wire.
    @Test func checksumBehindTheBytes() throws {
        let ones = [UInt8](repeating: 0xFF, count: 32)
        #expect(try stored(ones, shape: [32], [.bytes, .crc32c]) == ones + [0x43, 0xAB, 0xA8, 0x62])
    }

    /// Two inner chunks of two, of which the second is missing: content, then offset and length of each.
    @Test(arguments: [ShardIndexLocation.start, .end]) func shardWithAMissingChunk(_ location: ShardIndexLocation)
        throws
    {
        let codec = CodecDescription.shardingIndexed(
            chunkShape: [2],
            codecs: [.bytes],
            indexCodecs: [.bytes],
            indexLocation: location
        )
        func index(_ offset: UInt8) -> [UInt8] {
            [offset, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 16)
        }
        let expected = location == .end ? [5, 6] + index(0) : index(32) + [5, 6]
        #expect(try stored([5, 6, 0, 0] as [UInt8], shape: [4], [codec]) == expected)
    }

    @Test func textWithLengths() throws {
        let store = MemoryStore()
        let metadata = ArrayMetadata(
            shape: [3],
            chunkShape: [2],
            dataType: .string,
            fillValue: "",
            codecs: [.vlenUTF8]
        )
        let array = try ZarrArray.create(store: store, path: "band", metadata: metadata)
        try array.writeAll(strings: ["B02", "", "é"])
        #expect(try store.get("band/c/0") == [2, 0, 0, 0, 3, 0, 0, 0, 0x42, 0x30, 0x32, 0, 0, 0, 0])
        #expect(try store.get("band/c/1") == [2, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xA9, 0, 0, 0, 0])
        #expect(try array.readAllStrings() == ["B02", "", "é"])
        try store.put("band/c/1", [2, 0, 0, 0, 200, 0, 0, 0, 0xC3], durability: .deferred)
        let error = #expect(throws: PipelineError.self) { try array.readAllStrings() }
        #expect(error?.message.contains("memory/band/c/1") == true)
    }
}
