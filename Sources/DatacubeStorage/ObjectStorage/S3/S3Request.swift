/// One call of the S3 API, before it is signed.
struct S3Request: CustomStringConvertible {
    var method: HTTPRequest.Method
    var bucket: String
    var key = ""
    var query: [(name: String, value: String)] = []
    var fields = HTTPFields()
    var body = HTTPRequest.Body.none
    var range: HTTPRange?
    var destination = HTTPDestination.memory(limit: 64 << 20)
    /// Statuses beside 2xx that are answers to this call, not failures.
    var outcomes: Set<Int> = []

    init(_ method: HTTPRequest.Method, bucket: String, key: String = "") {
        self.method = method
        self.bucket = bucket
        self.key = key
    }

    /// For logs and errors: no secret is part of it.
    var description: String {
        let words = query.map { $0.value.isEmpty ? $0.name : "\($0.name)=\($0.value)" }.joined(separator: "&")
        return "\(method.rawValue) s3://\(bucket)\(key.isEmpty ? "" : "/" + key)\(words.isEmpty ? "" : "?" + words)"
            + (range.map { " \($0.text)" } ?? "")
    }

    private var path: String { "/" + PercentEncoding.path(key.isEmpty ? bucket : "\(bucket)/\(key)") }

    /// The request as it goes out, signed unless access is anonymous.
    func signed(for profile: S3Profile, at time: Timestamp, signsPayload: Bool) throws -> HTTPRequest {
        var request = HTTPRequest(method, "\(profile.endpoint)\(path)")
        if !query.isEmpty { request.url += "?" + CanonicalRequest.encoded(query) }
        request.fields = fields
        request.body = body
        request.range = range
        request.destination = destination
        guard let credentials = profile.credentials else { return request }
        let hash = signsPayload ? try body.sha256() : RequestSigner.unsignedPayload
        request.fields["x-amz-date"] = RequestSigner.stamp(time)
        request.fields["x-amz-content-sha256"] = hash
        request.fields["x-amz-security-token"] = credentials.sessionToken
        var signedFields = request.fields
        signedFields["Host"] = profile.endpoint.authority
        let canonical = CanonicalRequest(
            method: method.rawValue,
            path: path,
            query: query,
            fields: signedFields,
            payloadHash: hash
        )
        let signer = RequestSigner(credentials: credentials, region: profile.region)
        request.fields["Authorization"] = try signer.authorization(canonical, at: time)
        return request
    }
}

extension HTTPRequest.Body {
    /// The hash that the signature covers, so that the server refuses a body that was damaged on its way.
    fileprivate func sha256() throws -> String {
        switch self {
        case .none: return RequestSigner.emptyPayload
        case .bytes(let bytes): return try MessageDigest.hexadecimal(of: bytes, .sha256)
        case .file(let path, let range):
            return try MessageDigest.hexadecimal(ofFile: path, range: range, .sha256)
        }
    }
}
