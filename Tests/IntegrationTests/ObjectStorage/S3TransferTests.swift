import Testing

@testable import DatacubeStorage

/// Large objects on a real server.
@Suite(.enabled(if: S3Server.isThere, Comment(rawValue: S3Server.why))) struct S3TransferTests {
    /// Writes a file of pseudo-random bytes.
    private func makeFile(_ path: String, size: Int) throws {
        var state: UInt64 = 42
        let bytes = (0..<size / 8).flatMap { _ -> [UInt8] in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return withUnsafeBytes(of: state) { Array($0) }
        }
        try AtomicFile.write(bytes, to: path, durability: .deferred)
    }

    @Test(arguments: [8, 70 << 20]) func filesGoUpAndComeDown(_ size: Int) async throws {
        try await withBucket { bucket in
            try await withScratchDirectory { folder in
                let (up, down) = (folder + "/up", folder + "/down")
                try makeFile(up, size: size)
                let hash = try MessageDigest.hexadecimal(ofFile: up, .sha256)
                let executor = BlockingExecutor(width: 4)
                try await bucket.upload(file: up, to: "a b/file", metadata: ["sha256": hash], on: executor)
                let object = try #require(try bucket.head("a b/file"))
                #expect(object.size == size)
                #expect(object.metadata == ["sha256": hash])
                #expect((object.md5 == nil) == (size > S3Bucket.multipartThreshold))
                #expect(try bucket.list("").map(\.entityTag) == [object.entityTag])
                try bucket.download(object, to: down)
                #expect(try MessageDigest.hexadecimal(ofFile: down, .sha256) == hash)
                #expect(try bucket.unfinishedUploads("").isEmpty)
            }
        }
    }

    @Test func orphanedUploadsAreFoundAndAborted() async throws {
        try await withBucket { bucket in
            let keys = ["a/1 +", "a/2", "b/3"]
            for key in keys {
                let upload = try bucket.begin(key, metadata: [:])
                _ = try bucket.put(part: 1, .bytes([1, 2, 3]), of: upload)
            }
            #expect(try bucket.unfinishedUploads("a/").map(\.key).sorted() == ["a/1 +", "a/2"])
            #expect(try bucket.list("").isEmpty)
            #expect(try bucket.abortUnfinishedUploads("a/") == 2)
            #expect(try bucket.unfinishedUploads("").map(\.key) == ["b/3"])
        }
    }
}
