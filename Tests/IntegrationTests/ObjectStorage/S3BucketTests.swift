import DatacubeStorage
import Testing

/// What only a real server can prove: that it takes our signatures, and how it pages, encodes and refuses.
@Suite(.enabled(if: S3Server.isThere, Comment(rawValue: S3Server.why))) struct S3BucketTests {
    private static let oddKeys = [
        " leading", "trailing ", "a b", "a+b", "a%20b", "ä/ö/ü", "日本語", "a//b", "a/./b", "a/../b", "dir/", "&?#=",
        "'\"<>",
        "tab\there", "~-._", "emoji🛰️", "a\\b", "(x)[y]{z}!*,;:@$",
    ]

    @Test func oddKeysSurvive() async throws {
        try await withBucket { bucket in
            for (number, key) in Self.oddKeys.enumerated() {
                try bucket.put(key, [UInt8(number)], metadata: ["number": "\(number)"])
            }
            for (number, key) in Self.oddKeys.enumerated() {
                #expect(try bucket.get(key) == [UInt8(number)], "\(key)")
                #expect(try bucket.head(key)?.metadata == ["number": "\(number)"], "\(key)")
            }
            #expect(try Set(bucket.list("").map(\.key)) == Set(Self.oddKeys))
            // Every key is the end of a page once.
            var paged: [String] = []
            try bucket.forEachPage("", pageSize: 1) { paged += $0.objects.map(\.key) }
            #expect(paged.sorted() == Self.oddKeys.sorted())
            #expect(try bucket.list("a/").map(\.key).sorted() == ["a/../b", "a/./b", "a//b"])
            for key in Self.oddKeys { try bucket.delete(key) }
            #expect(try bucket.list("").isEmpty)
        }
    }

    @Test func listingsArePagedToTheEnd() async throws {
        try await withBucket { bucket in
            let keys = (0..<1205).map { "p/\($0 % 7)/\($0)" }
            let executor = BlockingExecutor(width: 8)
            try await executor.forEach(keys.count) { try bucket.put(keys[$0], []) }
            let before = bucket.client.counter.counts
            #expect(try bucket.list("p/").map(\.key) == keys.sorted())
            #expect((bucket.client.counter.counts - before).requests == 2)
            var prefixes: [String] = []
            try bucket.forEachPage("p/", delimiter: "/", pageSize: 3) { prefixes += $0.prefixes }
            #expect(prefixes == (0..<7).map { "p/\($0)/" })
            try await executor.forEach(keys.count) { try bucket.delete(keys[$0]) }
        }
    }

    @Test func aWrongSecretTakesOneRequest() async throws {
        try await withBucket { bucket in
            let wrong = S3Credentials(accessKey: S3Server.credentials.accessKey, secretKey: "wrong")
            let client = try S3Server.client(wrong)
            let executor = BlockingExecutor(width: 1)
            for number in 0..<5 {
                await #expect {
                    try await executor.run { try client.bucket(bucket.name).get("secret-\(number)") }
                } throws: { error in
                    "\(error)".contains("does not match") && !"\(error)".contains("wrong")
                }
            }
            #expect(client.counter.counts.requests == 1)
            if let logged = try S3Server.loggedRequests(containing: "/\(bucket.name)/secret-") { #expect(logged == 1) }
            let unknown = try S3Server.client(S3Credentials(accessKey: "NOBODY", secretKey: "x"))
            #expect { try unknown.bucket(bucket.name).head("k") } throws: { "\($0)".contains("InvalidAccessKeyId") }
        }
    }

    @Test func bucketsAreCreatedOnceAndOpenedToThePublic() async throws {
        try await withBucket { bucket in
            try bucket.create()
            #expect(try bucket.exists())
            #expect(try !bucket.client.bucket("dslab_test_nowhere").exists())
            #expect { try bucket.client.bucket("dslab_test_nowhere").get("k") } throws: {
                ($0 as? PipelineError)?.code == .notFound
            }
            try bucket.put("k", Array("abc".utf8))
            let anonymous = try S3Server.client(nil).bucket(bucket.name)
            #expect { try anonymous.get("k") } throws: { ($0 as? PipelineError)?.code == .denied }
            try bucket.allowPublicRead()
            #expect(try anonymous.get("k") == Array("abc".utf8))
            #expect(try anonymous.list("").map(\.key) == ["k"])
            #expect { try anonymous.put("l", []) } throws: { ($0 as? PipelineError)?.code == .denied }
        }
    }

    @Test func entityTagsAgree() async throws {
        try await withBucket { bucket in
            let stored = try bucket.put("k", Array("abc".utf8))
            #expect(stored.md5 == "900150983cd24fb0d6963f7d28e17f72")
            #expect(try bucket.head("k")?.entityTag == stored.entityTag)
            #expect(try bucket.list("k").map(\.entityTag) == [stored.entityTag])
        }
    }

    @Test func payloadsNeedNotBeSigned() async throws {
        try await withBucket { bucket in
            let unsigned = try S3Server.client(signsPayloads: false).bucket(bucket.name)
            try unsigned.put("k", Array("abc".utf8))
            #expect(try unsigned.get("k") == Array("abc".utf8))
        }
    }

    @Test func aReaderNoticesAReplacement() async throws {
        try await withBucket { bucket in
            let store = S3Store(bucket: bucket, openingBytes: 4)
            try bucket.put("k", [UInt8](repeating: 1, count: 100))
            let reader = try #require(try store.reader(of: "k"))
            try bucket.put("k", [UInt8](repeating: 2, count: 100))
            var bytes = [UInt8](repeating: 0, count: 100)
            bytes.withUnsafeMutableBytes { buffer in
                _ = #expect { try reader.read(0, into: buffer) } throws: { ($0 as? PipelineError)?.code == .mismatch }
            }
        }
    }
}
