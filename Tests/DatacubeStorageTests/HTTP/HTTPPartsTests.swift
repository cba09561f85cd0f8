import Testing

@testable import DatacubeStorage

/// The pieces of the transport that need no connection.
@Suite struct HTTPPartsTests {
    @Test func aBusyServerLetsRequestsForOthersPass() throws {
        let (a, b) = (try HTTPOrigin("http://a"), try HTTPOrigin("http://b/x"))
        var queue = AdmissionQueue<Int>(limits: ConnectionLimits(total: 3, perHost: 2))
        for (number, origin) in [a, a, a, b, b].enumerated() { queue.append(number, to: origin) }
        #expect([queue.admit(), queue.admit(), queue.admit(), queue.admit()] == [0, 1, 3, nil])
        queue.release(b)
        #expect(queue.admit() == 4)
        queue.release(a)
        #expect(queue.remove { $0 == 2 } == [2])
        #expect(queue.admit() == nil)
    }

    @Test func aDistantServerGetsMoreThanANearOne() throws {
        let origin = try HTTPOrigin("http://a")
        var queue = AdmissionQueue<Int>(limits: ConnectionLimits(total: 8, leastPerHost: 2))
        for number in 0..<10 { queue.append(number, to: origin) }
        #expect([queue.admit(), queue.admit(), queue.admit()] == [0, 1, nil])
        queue.learn(from: .init(delay: 0.1, bytes: 10_000), of: origin)
        #expect((0..<7).map { _ in queue.admit() } == [2, 3, 4, 5, 6, 7, nil])
    }

    @Test(arguments: [
        ("https://A3S.fi:443/x?y", "https://a3s.fi"), ("http://h:8080", "http://h:8080"),
        ("http://[::1]:80/", "http://[::1]"),
        ("http://h?x", "http://h"),
    ])
    func origins(_ url: String, _ origin: String) throws {
        #expect(try HTTPOrigin(url).description == origin)
    }

    /// RFC 9112 wants a blank behind the number, and not all servers send it.
    @Test(arguments: ["HTTP/1.1 204", "HTTP/1.1 204 ", "HTTP/1.1 204 No Content", "HTTP/2 204"], ["\r\n", "\n"])
    func statusLines(_ line: String, _ end: String) throws {
        var receiver = HTTPReceiver(HTTPRequest(.get, "http://h"))
        receiver.receive(headLine: line + end)
        receiver.receive(headLine: "ETag: \"a\"" + end)
        let response = try receiver.finish()
        #expect(response.status == 204 && response.fields["ETag"] == "\"a\"")
    }

    @Test(
        arguments: [
            ("bytes 0-9/100", 0..<10, 100), ("bytes 5-5/*", 5..<6, nil), ("bytes 9-5/100", nil, nil),
            ("bytes 0-9/5", nil, nil),
            ("bytes */100", nil, nil), ("items 0-9/100", nil, nil), ("bytes 0-9223372036854775807/*", nil, nil),
            ("bytes -1-9/100", nil, nil), ("bytes 0-9/x", nil, nil),
        ] as [(String, Range<Int>?, Int?)]
    )
    func contentRanges(_ text: String, _ range: Range<Int>?, _ size: Int?) {
        let parsed = ContentRange(text)
        #expect(parsed?.range == range)
        #expect(parsed?.size == size)
    }

    @Test(arguments: [
        ("s3://b/k/l", "s3://b/k/l"), ("s3://b//k/", "s3://b/k"), ("s3://b", "s3://b"), ("s3://", nil), ("b/k", nil),
        ("s3://b/../k", nil), ("s3://b/k//l", nil),
    ])
    func locations(_ text: String, _ expected: String?) {
        #expect(S3Location(text)?.description == expected)
    }

    @Test func partsCoverTheFile() throws {
        for size in [64 << 20 + 1, 1 << 30, 5 << 40] {
            let parts = S3Bucket.parts(of: size)
            #expect(parts.count <= 10_000)
            #expect(parts.first?.lowerBound == 0 && parts.last?.upperBound == size)
            #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        }
        // What S3 answers for two parts with these MD5s.
        let tags = ["\"900150983cd24fb0d6963f7d28e17f72\"", "d41d8cd98f00b204e9800998ecf8427e"]
        #expect(try S3Bucket.entityTag(ofParts: tags) == "fdf1fdf1567f6942ffe1743f1e72301e-2")
        #expect(try S3Bucket.entityTag(ofParts: ["x"]) == nil)
    }
}
