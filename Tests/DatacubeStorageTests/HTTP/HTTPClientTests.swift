import DatacubeStorage
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPClientTests {
    private func client(_ connections: Int = 8) throws -> HTTPClient {
        try HTTPClient(limits: ConnectionLimits(total: connections))
    }

    /// The code of the error that one request to the server ends in.
    private func failure(
        _ change: (inout HTTPRequest) -> Void = { _ in },
        _ respond: @escaping @Sendable () -> [LoopbackServer.Action]
    ) async throws -> PipelineError.Code? {
        let server = try LoopbackServer { _, _ in respond() }
        var request = HTTPRequest(.get, server.url + "/x")
        change(&request)
        do {
            _ = try await client().reply(to: request)
            return nil
        } catch let error as PipelineError {
            #expect(!error.description.contains("\n"))
            return error.code
        }
    }

    @Test func sendsAndReceives() async throws {
        let server = try LoopbackServer { request, _ in [.answer(201, ["X-Echo": request.target], request.body)] }
        let client = try client()
        for body in [[], Array("abc".utf8), [UInt8](repeating: 7, count: 3_000_000)] {
            var request = HTTPRequest(.put, server.url + "/a//b/../c%20d?x=1")
            request.body = .bytes(body)
            let response = try await client.reply(to: request)
            #expect(response.status == 201)
            #expect(response.fields["x-echo"] == "/a//b/../c%20d?x=1")
            #expect(response.body == body)
        }
        #expect(server.mostOpen == 1)
    }

    @Test func headHasNoBodyAndOtherStatusesAreAnswers() async throws {
        let server = try LoopbackServer { request, _ in
            request.method == "HEAD"
                ? [.answer(200, ["Content-Length": "1000000"])] : [.answer(404, text: "gone")]
        }
        let client = try client()
        let head = try await client.reply(to: HTTPRequest(.head, server.url))
        #expect(head.resourceSize == 1_000_000)
        #expect(head.byteCount == 0)
        let missing = try await client.reply(to: HTTPRequest(.delete, server.url))
        #expect(missing.status == 404)
        #expect(missing.body == Array("gone".utf8))
    }

    @Test func sendsPartOfAFile() async throws {
        try await withTemporaryDirectory { directory in
            let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try AtomicFile.write(bytes, to: directory + "/f")
            let server = try LoopbackServer { request, _ in [.answer(200, [:], request.body)] }
            var request = HTTPRequest(.put, server.url)
            request.body = .file(path: directory + "/f", range: 100..<1_900_000)
            #expect(try await client().reply(to: request).body == Array(bytes[100..<1_900_000]))
            request.body = .file(path: directory + "/f", range: 0..<2_000_001)
            await #expect(throws: PipelineError.self) { try await client().reply(to: request) }
        }
    }

    @Test func fillsTheCallersMemory() throws {
        let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let server = try LoopbackServer { request, _ in
            #expect(request.fields["range"] == "bytes=1000-200999")
            return [.answer(206, ["Content-Range": "bytes 1000-200999/300000"], Array(bytes[1000..<201_000]))]
        }
        var memory = [UInt8](repeating: 0, count: 200_000)
        let client = try client()
        try memory.withUnsafeMutableBytes { buffer in
            var request = HTTPRequest(.get, server.url)
            request.range = .bytes(1000..<201_000)
            request.destination = .buffer(HTTPBuffer(buffer))
            let response = try client.send(request)
            #expect(response.resourceSize == 300_000)
            #expect(response.body.isEmpty)
        }
        #expect(memory == Array(bytes[1000..<201_000]))
    }

    @Test(
        arguments: [
            (200, [:], "the whole"), (206, ["Content-Range": "bytes 11-20/100"], "0123456789"),
            (206, ["Content-Range": "bytes 10-18/100"], "012345678"), (206, [:], "0123456789"),
            (206, ["Content-Range": "bytes 10-19/100", "Content-Length": "9"], "012345678"),
        ] as [(Int, [String: String], String)]
    )
    func anotherPartThanAskedForGoesNowhere(_ status: Int, _ fields: [String: String], _ body: String) async throws {
        let taken = Mutex(0)
        let code = try await failure {
            $0.range = .bytes(10..<20)
            $0.destination = .sink { bytes in taken.withLock { $0 += bytes.count } }
        } _: {
            [.answer(status, fields, text: body)]
        }
        #expect(code != nil)
        #expect(taken.withLock { $0 } == 0)
    }

    @Test func bodiesAreBounded() async throws {
        #expect(
            try await failure {
                $0.destination = .memory(limit: 9)
            } _: {
                [.answer(200, text: "0123456789")]
            } == .corrupt
        )
        #expect(
            try await failure {
                $0.destination = .memory(limit: 10)
            } _: {
                [.answer(200, text: "0123456789")]
            } == nil
        )
        var memory = [UInt8](repeating: 0, count: 11)
        let server = try LoopbackServer { _, _ in [.answer(200, text: "0123456789")] }
        memory.withUnsafeMutableBytes { buffer in
            var request = HTTPRequest(.get, server.url)
            request.destination = .buffer(HTTPBuffer(buffer))
            #expect(throws: PipelineError.self) { try client().send(request) }
        }
    }

    @Test func brokenConnectionsAreUnavailable() async throws {
        #expect(try await failure { [.close] } == .unavailable)
        #expect(try await failure { [.reset] } == .unavailable)
        #expect(try await failure { [.answer(200, ["Content-Length": "100"], text: "short"), .close] } == .unavailable)
        let nobody = try LoopbackServer { _, _ in [] }.url
        await #expect { try await client().reply(to: HTTPRequest(.get, nobody)) } throws: {
            ($0 as? PipelineError)?.code == .unavailable
        }
    }

    @Test func excessBytesNeverReachTheNextAnswer() async throws {
        let server = try LoopbackServer { _, number in
            number == 0
                ? [.answer(200, ["Content-Length": "4"], text: "goodHTTP/1.1 200 X\r\n\r\nevil")]
                : [.answer(200, text: "next")]
        }
        let client = try client(1)
        #expect(try await client.reply(to: HTTPRequest(.get, server.url)).body == Array("good".utf8))
        #expect(try await client.reply(to: HTTPRequest(.get, server.url)).body == Array("next".utf8))
    }

    @Test func stallsAreNoticedApartFromTheTotalTime() async throws {
        let stalled: @Sendable () -> [LoopbackServer.Action] = {
            [.answer(200, ["Content-Length": "100"], text: "short"), .wait(240), .close]
        }
        let start = ContinuousClock.now
        #expect(try await failure({ $0.timeouts.stall = 1 }, stalled) == .unavailable)
        #expect(try await failure({ $0.timeouts.total = 0.3 }, stalled) == .unavailable)
        // Far less than the server waits, and enough for a busy machine.
        #expect(ContinuousClock.now - start < .seconds(200))
    }

    @Test func closingEndsBlockedThreadsAndPauses() async throws {
        let server = try LoopbackServer { _, _ in [.wait(60), .answer(200)] }
        let client = try client(1)
        let executor = BlockingExecutor(width: 3)
        let url = server.url
        let request = Task { try await executor.run { try client.send(HTTPRequest(.get, url)).status } }
        let patience = ContinuousClock.now + .seconds(50)
        while server.requests.isEmpty, ContinuousClock.now < patience { try await Task.sleep(for: .milliseconds(1)) }
        let queued = Task { try await executor.run { try client.send(HTTPRequest(.get, url)).status } }
        let pause = Task { try await executor.run { try client.pause(seconds: 60) } }
        try await Task.sleep(for: .milliseconds(200))
        client.close()
        for task in [request, queued] { await #expect(throws: CancellationError.self) { _ = try await task.value } }
        await #expect(throws: CancellationError.self) { try await pause.value }
        #expect(server.requests.count == 1)
        #expect(throws: CancellationError.self) { try client.send(HTTPRequest(.get, url)) }
    }

    @Test func connectionsAreBoundedAndReused() async throws {
        let server = try LoopbackServer { _, _ in [.wait(0.002), .answer(200)] }
        let client = try client(3)
        try await forEachConcurrently(Array(0..<60), limit: 60) { number in
            _ = try await client.reply(to: HTTPRequest(.get, server.url + "/\(number)"))
        }
        #expect(server.requests.count == 60)
        #expect(server.mostOpen == 3)
    }

    @Test func redirectsKeepSecretsAtHome() async throws {
        let target = try LoopbackServer { _, _ in [.answer(200, text: "there")] }
        let there = target.url
        let server = try LoopbackServer { request, _ in
            switch request.path {
            case "/other": [.answer(302, ["Location": there + "/found"])]
            case "/same": [.answer(307, ["Location": "found?x=1"])]
            case "/circle": [.answer(301, ["Location": "/circle"])]
            default: [.answer(200, text: "here")]
            }
        }
        func request(_ path: String, follows: Bool = true) -> HTTPRequest {
            var request = HTTPRequest(.get, server.url + path)
            request.fields = ["Authorization": "secret", "x-amz-security-token": "secret", "Accept": "text/plain"]
            request.followsRedirects = follows
            return request
        }
        let client = try client()
        #expect(try await client.reply(to: request("/other")).body == Array("there".utf8))
        #expect(target.requests.first?.path == "/found")
        #expect(target.requests.first?.fields["accept"] == "text/plain")
        #expect(target.requests.first?.fields.values.contains("secret") == false)
        #expect(try await client.reply(to: request("/same")).body == Array("here".utf8))
        #expect(server.requests.last?.target == "/found?x=1")
        #expect(server.requests.last?.fields["authorization"] == "secret")
        #expect(try await client.reply(to: request("/other", follows: false)).status == 302)
        #expect(target.requests.count == 1)
        await #expect(throws: PipelineError.self) { try await client.reply(to: request("/circle")) }
    }

    @Test(arguments: ["ftp://a/", "a.b/c", "http://", "https://user:pass@host/", "http://a/b c", "file:///etc/passwd"])
    func otherURLsAreRefused(_ url: String) async throws {
        await #expect { try await client().reply(to: HTTPRequest(.get, url)) } throws: { !"\($0)".contains("pass@") }
    }

    @Test func headerInjectionIsRefused() async throws {
        #expect(
            try await failure {
                $0.fields = ["A": "b\r\nC: d"]
            } _: {
                [.answer(200)]
            } == .unsupported
        )
    }

    @Test func compressedAnswersAreDecoded() async throws {
        let gzip: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0x4b, 0x4c, 0x4a, 6, 0, 0xc2, 0x41, 0x24, 0x35, 3, 0, 0, 0,
        ]
        let server = try LoopbackServer { request, _ in
            [.answer(200, ["Content-Encoding": request.fields["accept-encoding"] ?? "none"], gzip)]
        }
        var request = HTTPRequest(.get, server.url)
        request.acceptsCompression = true
        #expect(try await client().reply(to: request).body == Array("abc".utf8))
    }

    @Test func countsRequestsAndBytes() async throws {
        let server = try LoopbackServer { _, number in
            number == 0
                ? [.answer(200, text: "0123456789")] : [.answer(200, ["Content-Length": "9"], text: "012"), .close]
        }
        let counter = RequestCounter()
        var request = HTTPRequest(.put, server.url)
        request.body = .bytes([1, 2, 3])
        request.counter = counter
        let client = try client()
        _ = try await client.reply(to: request)
        let before = counter.counts
        #expect(before.requests == 1 && before.bytesReceived == 10 && before.bytesSent == 3)
        await #expect(throws: PipelineError.self) { try await client.reply(to: request) }
        #expect((counter.counts - before).requests == 1)
        #expect((counter.counts - before).bytesReceived == 3)
    }
}

extension HTTPClient {
    /// Sends a request on a thread that may block.
    fileprivate func reply(to request: HTTPRequest) async throws -> HTTPResponse {
        try await threads.run { try self.send(request) }
    }
}

private let threads = BlockingExecutor(width: 64)
