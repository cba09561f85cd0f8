/// Who asks, in a form that shows no secret when it is printed or dumped.
public struct S3Credentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The public part, sent with every request.
    public let accessKey: String
    /// Never leaves the process.
    let secretKey: String
    /// Sent with every request when the keys are temporary.
    let sessionToken: String?

    /// Creates credentials; from now on no line that this process prints shows their secrets, whoever sends them back.
    public init(accessKey: String, secretKey: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        for secret in [secretKey, sessionToken].compactMap(\.self) {
            KnownSecrets.add(secret, PercentEncoding.query(secret))
        }
    }

    /// The beginning of the access key, enough to tell two profiles apart.
    public var description: String { "access key \(accessKey.prefix(4))…, secret [redacted]" }

    /// Nothing for `dump` to find.
    public var customMirror: Mirror { Mirror(self, children: ["credentials": description]) }
}
