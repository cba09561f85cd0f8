/// A server that speaks S3, and who asks it.
public struct S3Profile: Sendable, Equatable, CustomStringConvertible {
    /// The name under which it was configured, for logs and errors.
    public let name: String
    /// The server; buckets are always the first component of the path, because names with underscores are no host
    /// names.
    public let endpoint: HTTPOrigin
    /// Part of the signature; most servers other than AWS take any.
    public let region: String
    /// Nil for anonymous access to public buckets.
    public let credentials: S3Credentials?

    /// Creates a profile.
    ///
    /// The endpoint is a URL without a path, or a bare host name, which means https; anything else is a
    /// `configuration` error.
    public init(
        name: String,
        endpoint: String,
        region: String = "default",
        credentials: S3Credentials?
    ) throws(PipelineError) {
        let text = endpoint.contains("://") ? endpoint : "https://" + endpoint
        let origin = try HTTPOrigin(text)
        let path = text.dropFirst(text.firstRange(of: "://").map { text[..<$0.upperBound].count } ?? 0).drop {
            $0 != "/"
        }
        guard path.allSatisfy({ $0 == "/" }) else {
            throw PipelineError(.configuration, "the endpoint '\(endpoint)' of profile \(name) must not have a path")
        }
        self.name = name
        self.endpoint = origin
        self.region = region
        self.credentials = credentials
    }

    /// Name, server and whose keys; no secret.
    public var description: String {
        "\(name) at \(endpoint), region \(region), \(credentials.map(\.description) ?? "anonymous")"
    }
}
