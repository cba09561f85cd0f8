import DatacubeStorage
import Testing

/// The Zarr engine over the S3 store.
@Suite(.enabled(if: S3Server.isThere, Comment(rawValue: S3Server.why))) struct ZarrOnS3Tests {
    @Test func aRegionReadsTheSameAsFromMemory() async throws {
        try await withBucket { bucket in
            let metadata = ArrayMetadata(
                shape: [10, 2, 700, 700],
                chunkShape: [10, 2, 512, 512],
                dataType: .uint16,
                fillValue: 0,
                codecs: [.bytes, .blosc(typeSize: 2)]
            )
            let stores: [any ObjectStore] = [MemoryStore(), S3Store(bucket: bucket, prefix: "cube")]
            let executor = BlockingExecutor(width: 8)
            var results: [[UInt16]] = []
            for store in stores {
                let array = try ZarrArray.create(store: store, path: "data", metadata: metadata)
                var state: UInt64 = 1
                let chunk = (0..<10 * 2 * 512 * 512).map { _ -> UInt16 in
                    state = state &* 6_364_136_223_846_793_005 &+ 1
                    return UInt16(truncatingIfNeeded: state >> 50)
                }
                for index in [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]] {
                    try chunk.withUnsafeBytes { _ = try array.writeChunk(at: index, from: $0) }
                }
                var values = [UInt16](repeating: 7, count: 10 * 2 * 510 * 510)
                let region = [0..<10, 0..<2, 100..<610, 90..<600]
                let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: values.count * 2, alignment: 64)
                defer { buffer.deallocate() }
                try await array.read(region: region, into: buffer, on: executor)
                values = Array(buffer.bindMemory(to: UInt16.self))
                results.append(values)
            }
            #expect(results[0] == results[1])
        }
    }
}
