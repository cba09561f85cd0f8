import Testing

@testable import DatacubeStorage

/// A wrapper that opened an object for what its base does by one request would double the requests of a patch, unseen.
@Suite struct ForwardingStoreTests {
    private struct Wrapper: ForwardingStore {
        let base: any ObjectStore
        func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {}
        func delete(_ key: String) throws {}
    }

    @Test func everyWayOfReadingTakesTheRequestsOfTheBase() throws {
        let server = try SmallS3Server()
        let base = S3Store(bucket: try testClient(server.url).bucket("bucket"))
        try base.put("key", [UInt8](repeating: 3, count: 1000), durability: .synchronized)
        let store = Wrapper(base: base)
        let counter = try #require(store.properties.traffic)
        /// Requests, bytes that came, and what was said of them.
        func cost(_ read: () throws -> Int?) rethrows -> [Int?] {
            let before = counter.counts
            let found = try read()
            let cost = counter.counts - before
            return [cost.requests, cost.bytesReceived, found]
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 8)
        defer { buffer.deallocate() }
        let half = UnsafeMutableRawBufferPointer(rebasing: buffer[..<500])
        #expect(try cost { try store.get("key", whole: buffer) } == [1, 1000, 1000])
        #expect(try cost { try store.get("key", slice: 500, into: half)?.count } == [1, 500, 500])
        #expect(try cost { try store.get("key", at: 100, into: half) ? 1 : 0 } == [1, 500, 1])
        #expect(try cost { try store.reader(of: "key", fetchingFirst: 10)?.size() } == [1, 10, 1000])
        #expect(try cost { try store.reader(of: "key", fetchingLast: 20)?.size() } == [1, 20, 1000])
    }

    @Test func whatReadsThroughAnotherStoreIsOne() {
        let wrappers: [any ForwardingStore.Type] = [VouchedStore.self, RecordedStore.self]
        #expect(wrappers.count == 2)
    }
}
