import DatacubeStorage
import Foundation
import Logging
import Synchronization
import TestSupport
import Testing

/// How the client takes the ways in which servers fail.
@Suite struct S3ClientTests {
    typealias Action = LoopbackServer.Action

    private static func error(_ code: String) -> String { "<Error><Code>\(code)</Code><Message></Message></Error>" }

    /// Answers the first requests with the actions given, further ones with `body`.
    private func server(_ first: [[Action]], then body: String = "fine") throws -> LoopbackServer {
        try LoopbackServer { _, number in number < first.count ? first[number] : [.answer(200, text: body)] }
    }

    @Test(
        arguments: [
            [.answer(503, text: error("SlowDown"))], [.answer(500)], [.answer(502, text: "<html>bad</html>")],
            [.answer(429, ["Retry-After": "0"])], [.answer(403, text: error("AccessDenied"))], [.close], [.reset],
            [.answer(200, ["Content-Length": "9"], text: "cut"), .close],
            [.answer(400, text: error("RequestTimeout"))],
        ] as [[Action]]
    )
    func transientFailuresAreRetriedAndTold(_ fault: [Action]) throws {
        let server = try server([fault, fault])
        let log = RecordingLog()
        let client = try testClient(server.url, log: log.logger)
        #expect(try client.bucket("b").get("k") == Array("fine".utf8))
        #expect(client.counter.counts.requests == 3)
        #expect(client.counter.counts.retries == 2)
        #expect(log.lines.count == 2)
        #expect(log.lines.allSatisfy { $0.contains("GET s3://b/k") && $0.contains("reason") && !$0.contains("SECRET") })
    }

    @Test func stallsAreRetried() throws {
        let server = try server([[.answer(200, ["Content-Length": "9"], text: "cut"), .wait(20), .close]])
        let client = try testClient(server.url, stall: 2)
        #expect(try client.bucket("b").get("k") == Array("fine".utf8))
        #expect(client.counter.counts.retries >= 1)
    }

    @Test(arguments: [
        ("SignatureDoesNotMatch", 403, PipelineError.Code.denied, 1), ("InvalidAccessKeyId", 403, .denied, 1),
        ("QuotaExceeded", 403, .noSpace, 1), ("AccessDenied", 403, .denied, 3), ("EntityTooLarge", 400, .noSpace, 1),
        ("InvalidArgument", 400, .unsupported, 1), ("NotImplemented", 501, .unsupported, 1),
        ("NoSuchBucket", 404, .notFound, 1), ("SlowDown", 503, .unavailable, 10),
    ])
    func permanentFailuresAreNot(_ name: String, _ status: Int, _ code: PipelineError.Code, _ requests: Int) throws {
        let server = try server(Array(repeating: [.answer(status, text: Self.error(name))], count: 20))
        let client = try testClient(server.url)
        #expect { try client.bucket("b").get("k") } throws: { error in
            (error as? PipelineError)?.code == code && "\(error)".contains("s3://b/k") && "\(error)".contains(name)
        }
        #expect(server.requests.count == requests)
    }

    @Test func aWrongSecretStopsTheClient() throws {
        let server = try server(Array(repeating: [.answer(403, text: Self.error("SignatureDoesNotMatch"))], count: 9))
        let client = try testClient(server.url)
        for key in ["a", "b", "c"] {
            #expect { try client.bucket("b").get(key) } throws: { "\($0)".contains("does not match") }
        }
        #expect(server.requests.count == 1)
    }

    @Test func aForbiddenHeadIsExplainedByAGet() throws {
        let server = try LoopbackServer { request, _ in
            request.method == "HEAD"
                ? [.answer(403, ["Content-Length": "99"])] : [.answer(403, text: Self.error("InvalidAccessKeyId"))]
        }
        #expect { try testClient(server.url).bucket("b").head("k") } throws: { "\($0)".contains("InvalidAccessKeyId") }
        #expect(server.requests.map(\.method) == ["HEAD", "GET"])
    }

    @Test func aWrongClockIsSetOnce() throws {
        let skewed: [Action] = [
            .answer(403, ["Date": "Mon, 23 Nov 2020 23:16:33 GMT"], text: Self.error("RequestTimeTooSkewed"))
        ]
        let healing = try server([skewed])
        let client = try testClient(healing.url)
        #expect(try client.bucket("b").get("k") == Array("fine".utf8))
        #expect(try client.bucket("b").get("k") == Array("fine".utf8))
        #expect(healing.requests.map { $0.fields["x-amz-date"]?.hasPrefix("20201123T2316") } == [false, true, true])
        let stubborn = try server(Array(repeating: skewed, count: 9))
        #expect { try testClient(stubborn.url).bucket("b").get("k") } throws: { "\($0)".contains("clock") }
        #expect(stubborn.requests.count == 2)
    }

    @Test func signedRequestsAreNotRedirected() throws {
        let elsewhere = try server([])
        let server = try server([[.answer(307, ["Location": elsewhere.url])]])
        #expect { try testClient(server.url).bucket("b").get("k") } throws: {
            ($0 as? PipelineError)?.code == .configuration
        }
        #expect(elsewhere.requests.isEmpty)
    }

    @Test func anonymousRequestsCarryNoSignature() throws {
        let server = try server([])
        _ = try testClient(server.url, nil).bucket("b").get("k")
        #expect(server.requests.first?.fields["authorization"] == nil)
        #expect(server.requests.first?.fields["x-amz-date"] == nil)
    }

    @Test func bodiesAreSignedAndKeysEncoded() throws {
        let server = try server([])
        let client = try testClient(
            server.url,
            S3Credentials(accessKey: "KEY", secretKey: "SECRET", sessionToken: "TOKEN")
        )
        try client.bucket("b_x").put("a b/+/ü//&?#%", Array("abc".utf8), metadata: ["sha256": "00"])
        let request = try #require(server.requests.first)
        #expect(request.target == "/b_x/a%20b/%2B/%C3%BC//%26%3F%23%25")
        #expect(
            request.fields["x-amz-content-sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        )
        #expect(request.fields["x-amz-meta-sha256"] == "00")
        #expect(request.fields["x-amz-security-token"] == "TOKEN")
        #expect(request.fields["authorization"]?.contains("x-amz-meta-sha256;x-amz-security-token") == true)
    }

    @Test func aReaderSticksToOneState() throws {
        let server = try LoopbackServer { request, number in
            guard number > 0 else {
                return [.answer(206, ["Content-Range": "bytes 0-3/8", "ETag": "\"1\""], text: "0123")]
            }
            #expect(request.fields["if-match"] == "\"1\"")
            return [.answer(412, text: Self.error("PreconditionFailed"))]
        }
        let store = S3Store(bucket: try testClient(server.url).bucket("b"), openingBytes: 4)
        let reader = try #require(try store.reader(of: "k"))
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes.withUnsafeMutableBytes { buffer in
            _ = #expect { try reader.read(0, into: buffer) } throws: { ($0 as? PipelineError)?.code == .mismatch }
        }
        #expect(server.requests.count == 2)
    }

    @Test func aListingThatDoesNotEndIsAnError() throws {
        let page =
            "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>"
        let server = try server([], then: page)
        #expect { try testClient(server.url).bucket("b").list("") } throws: { "\($0)".contains("does not end") }
        #expect(server.requests.count == 2)
    }
}

/// Keeps what is logged.
final class RecordingLog: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }
    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordingLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}
