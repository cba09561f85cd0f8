import DatacubeStorage
import Synchronization
import TestSupport
import Testing

/// Large objects: downloads that go on where they broke, uploads in parts.
@Suite struct S3TransferTests {
    private static let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    private static let object = S3Object(key: "k", size: bytes.count, entityTag: "\"1\"")

    /// Serves the object from where the range begins, and `length` bytes of it before the connection breaks.
    private static func part(_ request: LoopbackServer.Request, length: Int = .max) -> [LoopbackServer.Action] {
        let offset = request.fields["range"].flatMap { Int($0.dropFirst("bytes=".count).dropLast()) } ?? 0
        let rest = bytes[offset...]
        let fields = [
            "Content-Range": "bytes \(offset)-\(bytes.count - 1)/\(bytes.count)", "Content-Length": "\(rest.count)",
            "ETag": "\"1\"",
        ]
        return [.answer(206, fields, Array(rest.prefix(length)))] + (length < rest.count ? [.close] : [])
    }

    @Test(arguments: 1...9) func aDownloadGoesOnWhereItBroke(_ tenths: Int) throws {
        try withTemporaryDirectory { directory in
            let server = try LoopbackServer { request, number in
                #expect(request.fields["if-match"] == "\"1\"")
                return Self.part(request, length: number == 0 ? Self.bytes.count / 10 * tenths : .max)
            }
            let client = try testClient(server.url)
            try client.bucket("b").download(Self.object, to: directory + "/f")
            #expect(try FileSystem.contents(of: directory + "/f") == Self.bytes)
            #expect(server.requests.last?.fields["range"] == "bytes=\(Self.bytes.count / 10 * tenths)-")
            #expect(client.counter.counts.retries == 1)
        }
    }

    @Test func progressRenewsTheAttempts() throws {
        try withTemporaryDirectory { directory in
            let server = try LoopbackServer { request, _ in Self.part(request, length: 40_000) }
            try testClient(server.url).bucket("b").download(Self.object, to: directory + "/f")
            #expect(try FileSystem.contents(of: directory + "/f") == Self.bytes)
            #expect(server.requests.count == 25)
        }
    }

    @Test func aDownloadThatBringsNothingEnds() throws {
        try withTemporaryDirectory { directory in
            let server = try LoopbackServer { request, _ in Self.part(request, length: 0) }
            #expect(throws: PipelineError.self) {
                try testClient(server.url).bucket("b").download(Self.object, to: directory + "/f")
            }
            #expect(server.requests.count == 10)
        }
    }

    @Test func aPartialFileIsContinued() throws {
        try withTemporaryDirectory { directory in
            // Longer than the object: the rest is of an earlier one.
            let stale = Self.bytes[..<300_000] + [UInt8](repeating: 0, count: 900_000)
            try AtomicFile.write(Array(stale), to: directory + "/f")
            let server = try LoopbackServer { request, _ in Self.part(request) }
            let client = try testClient(server.url)
            try client.bucket("b").download(Self.object, to: directory + "/f", from: 300_000)
            #expect(try FileSystem.contents(of: directory + "/f") == Self.bytes)
            #expect(client.counter.counts.bytesReceived == 700_000)
            #expect(throws: PipelineError.self) {
                try client.bucket("b").download(Self.object, to: directory + "/g", from: 300_000)
            }
        }
    }

    @Test func anObjectThatWasReplacedIsNotMixed() throws {
        try withTemporaryDirectory { directory in
            let replaced = try LoopbackServer { request, number in
                number == 0 ? Self.part(request, length: 500_000) : [.answer(412)]
            }
            let bucket = try testClient(replaced.url).bucket("b")
            #expect { try bucket.download(Self.object, to: directory + "/f") } throws: {
                ($0 as? PipelineError)?.code == .mismatch
            }
            #expect(replaced.requests.count == 2)
            let server = try LoopbackServer { request, _ in Self.part(request) }
            let smaller = S3Object(key: "k", size: 999_999, entityTag: "")
            #expect { try testClient(server.url).bucket("b").download(smaller, to: directory + "/f") } throws: {
                ($0 as? PipelineError)?.code == .mismatch
            }
        }
    }

    /// A server of multipart uploads: which parts failed first, what was completed, what aborted.
    private func server(failing part: String?, for good: Bool) throws -> LoopbackServer {
        let failures = Mutex(0)
        return try LoopbackServer { request, _ in
            let query = request.target.drop { $0 != "?" }.dropFirst()
            switch request.method {
            case "POST" where query == "uploads=":
                return [
                    .answer(
                        200,
                        text: "<InitiateMultipartUploadResult><UploadId>u/1</UploadId></InitiateMultipartUploadResult>"
                    )
                ]
            case "POST":
                return [
                    .answer(200, text: "<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>")
                ]
            case "HEAD": return [.answer(200, ["Content-Length": "\(70 << 20)"])]
            case "PUT":
                let isFailing = part.map { query.hasPrefix("partNumber=\($0)&") } ?? false
                if isFailing,
                    good
                        || failures.withLock({
                            $0 += 1; return $0
                        }) == 1
                {
                    return [.answer(good ? 400 : 503, text: "<Error><Code>X</Code></Error>")]
                }
                return [.answer(200, ["ETag": "\"\(request.body.count)\""])]
            default: return [.answer(204)]
            }
        }
    }

    private func upload(_ server: LoopbackServer) async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/f"
            let file = try LocalFile(creating: path)
            try [UInt8(1)].withUnsafeBytes { try file.write($0, at: 70 << 20 - 1) }
            let bucket = try testClient(server.url).bucket("b")
            try await bucket.upload(file: path, to: "k", metadata: ["a": "b"], on: BlockingExecutor(width: 2))
        }
    }

    @Test func largeFilesGoUpInParts() async throws {
        let server = try server(failing: "2", for: false)
        try await upload(server)
        let puts = server.requests.filter { $0.method == "PUT" }
        #expect(puts.count == 4)
        #expect(puts.allSatisfy { $0.target.hasSuffix("&uploadId=u%2F1") })
        let completion = try #require(server.requests.last { $0.method == "POST" })
        #expect(
            String(decoding: completion.body, as: UTF8.self)
                == "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>33554432</ETag></Part>"
                + "<Part><PartNumber>2</PartNumber><ETag>33554432</ETag></Part>"
                + "<Part><PartNumber>3</PartNumber><ETag>6291456</ETag></Part></CompleteMultipartUpload>"
        )
        #expect(server.requests.first?.fields["x-amz-meta-a"] == "b")
        #expect(!server.requests.contains { $0.method == "DELETE" })
    }

    @Test func aFailedUploadIsAborted() async throws {
        let server = try server(failing: "2", for: true)
        await #expect(throws: PipelineError.self) { try await upload(server) }
        #expect(server.requests.last?.method == "DELETE")
        #expect(server.requests.last?.target == "/b/k?uploadId=u%2F1")
        #expect(server.requests.filter { $0.method == "POST" }.count == 1)
    }
}
