@testable import DatacubeStorage

extension Parser {
    /// The answers of servers.
    static let catalogue = [
        Parser("json", seeds: { $0.hasSuffix(".json") }) { bytes in
            let value = try JSONValue(parsing: bytes, named: "document")
            let again = try JSONValue(parsing: Array(value.serialized().utf8), named: "the same again")
            precondition(again.serialized() == value.serialized(), "a value does not survive its text")
        },
        Parser("catalogue", seeds: { $0.contains("stac") && $0.hasSuffix(".json") }) { bytes in
            let answer = try JSONValue(parsing: bytes, named: "answer")
            let start = Timestamp(milliseconds: 0)
            for dialect in [STACDialect.v1, .legacy, STACDialect(landingPage: answer)] {
                let body = dialect.search(tile: "35VLH", from: start, until: start)
                _ = try? dialect.next(after: answer, to: body)
            }
            for item in answer["features"]?.arrayValue ?? [answer] { _ = try? STACItem(item) }
        },
        Parser("s3-listing", seeds: { $0.contains("s3/list") }) { bytes in
            let page = try S3Page(XMLParser.parse(bytes, name: "answer"), of: "s3://bucket")
            for object in page.objects { _ = try? ObjectKey.validate(object.key) }
        },
        Parser("s3-error", seeds: { $0.contains("s3/error") }) { bytes in
            let profile = try S3Profile(name: "lab", endpoint: "https://localhost", credentials: nil)
            for status in [301, 403, 404, 416, 503] {
                let response = HTTPResponse(status: status, fields: [:], body: bytes, byteCount: bytes.count)
                let request = S3Request(.get, bucket: "bucket", key: "key")
                _ = "\(S3Failure(response).error(request, profile: profile, forbiddenAttempts: 2))"
            }
        },
        Parser("http-fields", seeds: { $0.hasSuffix("/fields") }) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let fields: HTTPFields = ["Content-Range": text, "Retry-After": text, "Content-Length": text]
            let response = HTTPResponse(status: 206, fields: fields, body: [], byteCount: 0)
            _ = (response.resourceSize, response.retryAfter, try? HTTPOrigin(text), PercentEncoding.decode(text))
        },
    ]
}
