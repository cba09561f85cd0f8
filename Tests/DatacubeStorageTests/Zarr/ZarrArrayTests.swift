import DatacubeStorage
import Testing

@Suite struct ZarrArrayTests {
    private let metadata = ArrayMetadata(
        shape: [5, 7],
        chunkShape: [2, 3],
        dataType: .uint16,
        fillValue: 9,
        codecs: [.bytes, .blosc(typeSize: 2)]
    )

    @Test func missingChunksHaveTheFillValue() throws {
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        #expect(try array.readAll() == [UInt16](repeating: 9, count: 35))
        #expect(try array.values([4..<5, 5..<7]) == [9, 9])
    }

    @Test func chunksOfNothingButFillAreNotStored() throws {
        let store = MemoryStore()
        let array = try ZarrArray.create(store: store, path: "p", metadata: metadata)
        var chunk: [UInt16] = [1, 2, 3, 4, 5, 6]
        #expect(try chunk.withUnsafeBytes { try array.writeChunk(at: [2, 2], from: $0, durability: .deferred) } > 0)
        #expect(try array.values([4..<5, 5..<7]) == [9, 1], "what lies beyond the edge does not count")
        chunk = [UInt16](repeating: 9, count: 6)
        #expect(try chunk.withUnsafeBytes { try array.writeChunk(at: [2, 2], from: $0, durability: .deferred) } == 0)
        #expect(try store.list("").map(\.key) == ["p/zarr.json"])
    }

    @Test func chunksOutsideTheGridAreRefused() throws {
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        let chunk = [UInt8](repeating: 0, count: 12)
        for index in [[3, 0], [-1, 0], [0], [0, 0, 0]] {
            #expect(throws: PipelineError.self) {
                try chunk.withUnsafeBytes { try array.writeChunk(at: index, from: $0) }
            }
        }
        #expect(throws: PipelineError.self) {
            try chunk[..<11].withUnsafeBytes { try array.writeChunk(at: [0, 0], from: $0) }
        }
    }

    @Test(arguments: [[0..<6, 0..<7], [-1..<2, 0..<7], [0..<5]]) func regionsOutsideAreRefused(_ region: [Range<Int>])
        throws
    {
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        #expect(throws: PipelineError.self) { try array.chunks(touching: region) }
    }

    @Test func emptyRegionAndScalar() throws {
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        #expect(try array.values([2..<2, 0..<7]) == [])
        let scalar = ArrayMetadata(shape: [], chunkShape: [], dataType: .int64, fillValue: 0, codecs: [.bytes])
        let store = MemoryStore()
        let reference = try ZarrArray.create(store: store, path: "spatial_ref", metadata: scalar)
        try reference.writeAll([32635])
        #expect(try store.get("spatial_ref/c") == [0x7B, 0x7F, 0, 0, 0, 0, 0, 0])
        #expect(try reference.readAll() == [32635])
    }

    @Test func wrongElementTypeIsRefused() throws {
        let array = try ZarrArray.create(store: MemoryStore(), path: "", metadata: metadata)
        #expect(throws: PipelineError.self) { try array.readAll(Int16.self) }
        #expect(throws: PipelineError.self) { try array.writeAll([UInt16](repeating: 1, count: 34)) }
        #expect(throws: PipelineError.self) { try array.readAllStrings() }
    }

    @Test func selectionsCoverTheRegionOnce() throws {
        let array = try ZarrArray.create(store: MemoryStore(), path: "q", metadata: metadata)
        let chunks = try array.chunks(touching: [1..<5, 2..<7])
        #expect(
            chunks.selections.map(\.key)
                == ["0/0", "0/1", "0/2", "1/0", "1/1", "1/2", "2/0", "2/1", "2/2"].map { "q/c/" + $0 }
        )
        #expect(chunks.selections.map(\.elementCount).reduce(0, +) == 20)
    }

    @Test func onlyTouchedBlocksAreRead() throws {
        let store = CountingStore()
        let large = ArrayMetadata(
            shape: [1, 512, 512],
            chunkShape: [1, 512, 512],
            dataType: .uint16,
            fillValue: 0,
            codecs: [.bytes, .blosc(typeSize: 2, blockSize: 16384)]
        )
        var random = SeededGenerator(seed: 1)
        let array = try ZarrArray.create(store: store, path: "", metadata: large)
        let pixels = (0..<512 * 512).map { _ in UInt16(truncatingIfNeeded: random.next() & 0xFFF) }
        try array.writeAll(pixels)
        let region = [0..<1, 100..<110, 7..<500]
        #expect(try array.values(region) == slice(pixels, shape: [1, 512, 512], region: region))
        let size = try #require(try store.size(of: "c/0/0/0"))
        #expect(store.readBytes < size / 6, "10 of 512 rows need at most two of 16 blocks")
    }
}

@Suite struct ZarrGroupTests {
    private let coordinate = ArrayMetadata(
        shape: [3],
        chunkShape: [3],
        dataType: .int64,
        fillValue: 0,
        codecs: [.bytes],
        dimensionNames: ["x"],
        attributes: ["units": "m"]
    )

    @Test func commitThenOpen() throws {
        let store = MemoryStore()
        try ZarrGroup.commit(store: store, path: "t/2024", attributes: ["a": [1, 2]], arrays: ["x": coordinate])
        let group = try #require(try ZarrGroup.open(store: store, path: "t/2024"))
        #expect(group.attributes == ["a": [1, 2]])
        #expect(group.arrays == ["x": coordinate])
        try group.array("x").writeAll([1, 2, 3])
        #expect(try ZarrArray.open(store: store, path: "t/2024/x").readAll(Int.self) == [1, 2, 3])
        #expect(throws: PipelineError.self) { try group.array("y") }
    }

    @Test func consolidatedFormIsZarrPythons() throws {
        let store = MemoryStore()
        try ZarrGroup.commit(store: store, path: "", attributes: [:], arrays: ["x": coordinate])
        let json = try JSONValue(parsing: try #require(try store.get("zarr.json")), named: "zarr.json")
        #expect(json["node_type"] == "group")
        #expect(json["consolidated_metadata"]?["kind"] == "inline")
        #expect(json["consolidated_metadata"]?["must_understand"] == false)
        let array = try JSONValue(parsing: try #require(try store.get("x/zarr.json")), named: "x/zarr.json")
        #expect(json["consolidated_metadata"]?["metadata"]?["x"] == array)
    }

    @Test func opensByListingWithoutConsolidatedMetadata() throws {
        let store = MemoryStore()
        #expect(try ZarrGroup.open(store: store, path: "g") == nil)
        try ZarrArray.create(store: store, path: "g/x", metadata: coordinate).writeAll([1, 2, 3])
        let text = #"{"zarr_format": 3, "node_type": "group", "attributes": {}, "consolidated_metadata": null}"#
        try store.put("g/zarr.json", Array(text.utf8), durability: .deferred)
        #expect(try ZarrGroup.open(store: store, path: "g")?.arrays == ["x": coordinate])
    }
}
