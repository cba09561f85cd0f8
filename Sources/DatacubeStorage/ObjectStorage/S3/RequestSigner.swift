// Signature version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

/// What a signature covers, in the one spelling that both sides agree on.
struct CanonicalRequest {
    let method: String
    /// Percent-encoded, as sent: S3 does not normalise paths.
    let path: String
    /// Names and values, not encoded.
    let query: [(name: String, value: String)]
    /// All of them are signed; `Host` must be among them.
    let fields: HTTPFields
    /// The SHA-256 of the body in hexadecimal, or ``RequestSigner/unsignedPayload``.
    let payloadHash: String

    /// The query as it is sent and signed: encoded, then sorted.
    var queryText: String { Self.encoded(query) }

    /// The names that the signature covers.
    var signedNames: String { Set(fields.all.map { $0.name.lowercased() }).sorted().joined(separator: ";") }

    /// What is hashed.
    var text: String {
        var values: [String: [String]] = [:]
        for field in fields.all {
            let words = field.value.split(whereSeparator: \.isWhitespace)
            values[field.name.lowercased(), default: []].append(words.joined(separator: " "))
        }
        let lines = values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.joined(separator: ","))\n" }
        return [method, path, queryText, lines.joined(), signedNames, payloadHash].joined(separator: "\n")
    }

    static func encoded(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.query($0.name), PercentEncoding.query($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }
            .joined(separator: "&")
    }
}

/// Signs requests with signature version 4.
struct RequestSigner {
    /// Stands for the hash of a body that the signature does not cover.
    static let unsignedPayload = "UNSIGNED-PAYLOAD"
    /// The SHA-256 of no bytes.
    static let emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// The field `Authorization` for a request at a time.
    func authorization(_ request: CanonicalRequest, at time: Timestamp) throws(PipelineError) -> String {
        let signature = signature(try stringToSign(request, at: time), at: time)
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope(time)), "
            + "SignedHeaders=\(request.signedNames), Signature=\(signature)"
    }

    func stringToSign(_ request: CanonicalRequest, at time: Timestamp) throws(PipelineError) -> String {
        let hash = try MessageDigest.hexadecimal(of: Array(request.text.utf8), .sha256)
        return ["AWS4-HMAC-SHA256", Self.stamp(time), scope(time), hash].joined(separator: "\n")
    }

    func signature(_ stringToSign: String, at time: Timestamp) -> String {
        var key = Array("AWS4\(credentials.secretKey)".utf8)
        for part in scope(time).split(separator: "/") { key = KeyedHash.sha256(key: key, String(part)) }
        return KeyedHash.sha256(key: key, stringToSign).hexadecimal
    }

    /// `20150830T123600Z`, the value of `x-amz-date`.
    static func stamp(_ time: Timestamp) -> String { time.compact + "Z" }

    private func scope(_ time: Timestamp) -> String { "\(time.compact.prefix(8))/\(region)/\(service)/aws4_request" }
}
