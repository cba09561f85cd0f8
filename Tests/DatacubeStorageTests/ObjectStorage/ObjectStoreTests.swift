import DatacubeStorage
import FoundationEssentials
import Testing

/// What every store must do, run on each.
@Suite struct ObjectStoreTests {
    enum Kind: CaseIterable { case local, memory, s3 }

    private func withStore(_ kind: Kind, _ body: (any ObjectStore) throws -> Void) throws {
        switch kind {
        case .memory: try body(MemoryStore())
        case .local: try withTemporaryDirectory { try body(LocalStore(root: $0 + "/root")) }
        case .s3: try withS3Store(body)
        }
    }

    /// On the server that `DSLAB_TEST_S3_ENDPOINT` names (see scripts/rgw-up), else on a small one of our own.
    private func withS3Store(_ body: (any ObjectStore) throws -> Void) throws {
        let environment = ProcessInfo.processInfo.environment
        guard let endpoint = environment["DSLAB_TEST_S3_ENDPOINT"] else {
            let server = try SmallS3Server()
            return try body(S3Store(bucket: testClient(server.url).bucket("bucket"), prefix: "a+ b", openingBytes: 10))
        }
        let credentials = S3Credentials(
            accessKey: environment["DSLAB_TEST_S3_ACCESS_KEY"] ?? "",
            secretKey: environment["DSLAB_TEST_S3_SECRET_KEY"] ?? ""
        )
        let bucket = try testClient(endpoint, credentials).bucket("suite_\(UInt64.random(in: 0...(.max)))")
        try bucket.create()
        defer { try? bucket.remove() }
        let store = S3Store(bucket: bucket, prefix: "a+ b", openingBytes: 10)
        defer { try? store.list("").forEach { try store.delete($0.key) } }
        try body(store)
    }

    @Test(arguments: Kind.allCases) func storesReplacesAndDeletes(_ kind: Kind) throws {
        try withStore(kind) { store in
            #expect(try store.get("a/b") == nil)
            #expect(try store.size(of: "a/b") == nil)
            #expect(try store.reader(of: "a/b") == nil)
            try store.put("a/b", [1, 2, 3], durability: .deferred)
            try store.put("a/c", [], durability: .synchronized)
            #expect(try store.get("a/b") == [1, 2, 3])
            #expect(try store.get("a/c") == [])
            try store.put("a/b", [9], durability: .deferred)
            #expect(try store.get("a/b") == [9])
            #expect(try store.size(of: "a/b") == 1)
            try store.synchronize()
            try store.delete("a/b")
            try store.delete("a/b")
            #expect(try store.get("a/b") == nil)
        }
    }

    @Test(arguments: Kind.allCases) func readsRanges(_ kind: Kind) throws {
        try withStore(kind) { store in
            try store.put("x", Array(0..<100), durability: .deferred)
            #expect(try store.get("x", range: 10..<13) == [10, 11, 12])
            #expect(try store.get("missing", range: 0..<1) == nil)
            #expect(throws: PipelineError.self) { try store.get("x", range: 90..<101) }
            #expect(try store.get("x", range: 5..<5) == [])
            let reader = try #require(try store.reader(of: "x"))
            #expect(try reader.size() == 100)
            for range in [0..<10, 5..<15, 10..<20, 0..<100, 100..<100] {
                var part = [UInt8](repeating: 0, count: range.count)
                try part.withUnsafeMutableBytes { try reader.read(range.lowerBound, into: $0) }
                #expect(part.elementsEqual(range.map { UInt8($0) }))
            }
            try store.put("empty", [], durability: .deferred)
            #expect(try store.reader(of: "empty")?.size() == 0)
            var end = [UInt8](repeating: 0, count: 2)
            try end.withUnsafeMutableBytes { try reader.readSuffix(into: $0) }
            #expect(end == [98, 99])
            var tooMuch = [UInt8](repeating: 0, count: 101)
            #expect(throws: PipelineError.self) {
                try tooMuch.withUnsafeMutableBytes { try reader.readSuffix(into: $0) }
            }
        }
    }

    @Test(arguments: Kind.allCases) func listsByPrefix(_ kind: Kind) throws {
        try withStore(kind) { store in
            #expect(try store.list("") == [])
            #expect(try store.children(of: "") == [])
            for key in ["b/2/x", "a", "b/10", "bc"] { try store.put(key, [0], durability: .deferred) }
            #expect(try store.list("").map(\.key) == ["a", "b/10", "b/2/x", "bc"])
            #expect(try store.list("b").map(\.key) == ["b/10", "b/2/x", "bc"])
            #expect(try store.list("b/") == [ObjectEntry(key: "b/10", size: 1), ObjectEntry(key: "b/2/x", size: 1)])
            #expect(try store.children(of: "") == ["a", "b", "bc"])
            #expect(try store.children(of: "b/") == ["10", "2"])
            #expect(try store.children(of: "none/") == [])
        }
    }

    @Test(arguments: Kind.allCases, ["", "/etc/passwd", "../x", "a/../x", "a//b", "a/", "./a", "a\u{0}b"])
    func keysStayBelowTheRoot(_ kind: Kind, _ key: String) throws {
        try withStore(kind) { store in
            #expect(throws: PipelineError.self) { try store.get(key) }
            #expect(throws: PipelineError.self) { try store.put(key, [1], durability: .deferred) }
            #expect(throws: PipelineError.self) { try store.delete(key) }
            #expect(throws: PipelineError.self) { try store.size(of: key) }
        }
    }

    @Test func temporaryFilesAreNotListed() throws {
        try withTemporaryDirectory { directory in
            let store = LocalStore(root: directory)
            try store.put("a", [1], durability: .deferred)
            try AtomicFile.write([1], to: AtomicFile.temporaryName(for: directory + "/b"))
            #expect(try store.list("").map(\.key) == ["a"])
            #expect(try store.children(of: "") == ["a"])
        }
    }
}
