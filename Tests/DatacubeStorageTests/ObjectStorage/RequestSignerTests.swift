import Glibc
import Testing

@testable import DatacubeStorage

/// The published vectors of signature version 4, signing by header.
@Suite(.enabled(if: Fixtures.exist)) struct RequestSignerTests {
    /// One folder of the vectors.
    struct Vector: CustomStringConvertible, Sendable {
        let description: String
        private var path: String { Fixtures.path("sigv4/\(description)") }

        static let all = ((try? FileSystem.list(Fixtures.path("sigv4"))) ?? []).map { Vector(description: $0) }

        func text(_ name: String) throws -> String {
            String(decoding: try FileSystem.contents(of: "\(path)/\(name)"), as: UTF8.self)
        }

        func context() throws -> JSONValue {
            try JSONValue(parsing: FileSystem.contents(of: "\(path)/context.json"), named: description)
        }
    }

    /// 2015-08-30T12:36:00Z, the time of all vectors.
    private let time = Timestamp(year: 2015, month: 8, day: 30) + (12 * 60 + 36) * 60 * Timestamp.microsecondsOfSecond

    @Test func thereAre38() { #expect(Vector.all.count == 38) }

    @Test(arguments: Vector.all) func published(_ vector: Vector) throws {
        let context = try vector.context()
        let (signer, request) = try (signer(context), canonicalRequest(vector, context))
        #expect(try request.text == vector.text("header-canonical-request.txt"))
        let stringToSign = try signer.stringToSign(request, at: time)
        #expect(try stringToSign == vector.text("header-string-to-sign.txt"))
        #expect(try signer.signature(stringToSign, at: time) == vector.text("header-signature.txt"))
        let authorization = try signer.authorization(request, at: time)
        #expect(try vector.text("header-signed-request.txt").contains("Authorization:\(authorization)"))
    }

    private func signer(_ context: JSONValue) throws -> RequestSigner {
        let keys = try #require(context["credentials"])
        let credentials = S3Credentials(
            accessKey: try #require(keys["access_key_id"]?.stringValue),
            secretKey: try #require(keys["secret_access_key"]?.stringValue)
        )
        return RequestSigner(
            credentials: credentials,
            region: try #require(context["region"]?.stringValue),
            service: try #require(context["service"]?.stringValue)
        )
    }

    private func canonicalRequest(_ vector: Vector, _ context: JSONValue) throws -> CanonicalRequest {
        let raw = try vector.text("request.txt")
        let head = raw.firstRange(of: "\n\n").map { raw[..<$0.lowerBound] } ?? raw[...]
        let body = raw.firstRange(of: "\n\n").map { String(raw[$0.upperBound...]) } ?? ""
        var lines = head.split(separator: "\n").map(String.init)
        let start = try #require(lines.first).dropLast(" HTTP/1.1".count)
        lines.removeFirst()
        let target = start.drop { $0 != " " }.dropFirst()
        let path = String(target.prefix { $0 != "?" })
        var fields = self.fields(lines)
        fields["X-Amz-Date"] = RequestSigner.stamp(time)
        if let token = context["credentials"]?["token"]?.stringValue, context["omit_session_token"]?.boolValue != true {
            fields["X-Amz-Security-Token"] = token
        }
        let hash = try MessageDigest.hexadecimal(of: Array(body.utf8), .sha256)
        if context["sign_body"]?.boolValue == true { fields["x-amz-content-sha256"] = hash }
        return CanonicalRequest(
            method: String(start.prefix { $0 != " " }),
            path: PercentEncoding.path(context["normalize"]?.boolValue == true ? normalized(path) : path),
            query: query(String(target.dropFirst(path.count + 1))),
            fields: fields,
            payloadHash: hash
        )
    }

    private func fields(_ lines: [String]) -> HTTPFields {
        var pairs: [(String, String)] = []
        for line in lines {
            if line.first == " ", let last = pairs.indices.last {
                pairs[last].1 += line
            } else {
                let name = line.prefix { $0 != ":" }
                pairs.append((String(name), String(line.dropFirst(name.count + 1))))
            }
        }
        var fields = HTTPFields()
        for (name, value) in pairs { fields.add(name, value) }
        return fields
    }

    private func query(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let name = pair.prefix { $0 != "=" }
            return (
                PercentEncoding.decode(String(name)), PercentEncoding.decode(String(pair.dropFirst(name.count + 1)))
            )
        }
    }

    // What services other than S3 do to a path before they sign it.
    private func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        let slash = path.hasSuffix("/") && !parts.isEmpty ? "/" : ""
        return "/" + parts.joined(separator: "/") + slash
    }
}
