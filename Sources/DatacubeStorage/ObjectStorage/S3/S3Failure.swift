// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

/// An answer that is no success, and what it means.
struct S3Failure {
    let status: Int
    /// The server's code, such as `NoSuchKey`; empty where it sent none, as in answers to HEAD.
    let code: String
    private let words: String
    private let retryAfter: Double?

    init(_ response: HTTPResponse) {
        status = response.status
        let document = try? XMLParser.parse(response.body, name: "error answer")
        code = document?.first("Code")?.text ?? ""
        // Ceph leaves the message empty.
        words = document?.first("Message")?.text ?? ""
        retryAfter = response.retryAfter
    }

    var isClockSkew: Bool { code == "RequestTimeTooSkewed" }
    var isBucketMissing: Bool { code == "NoSuchBucket" }

    /// Whether no other request with these credentials can succeed either.
    var refusesCredentials: Bool {
        ["SignatureDoesNotMatch", "InvalidAccessKeyId", "InvalidToken", "ExpiredToken"].contains(code)
    }

    /// The error for one line, or a ``TransientFailure`` around it when another attempt may succeed.
    ///
    /// `forbiddenAttempts` is how often to ask when the server forbids without saying that the keys are wrong: CDSE
    /// does so now and then to requests that succeed a moment later.
    func error(_ request: S3Request, profile: S3Profile, forbiddenAttempts: Int) -> any Error {
        let error = self.error(request, profile: profile)
        if refusesCredentials || isClockSkew || error.code == .noSpace || status == 501 { return error }
        switch status {
        case 408, 429, 500..<600:
            return TransientFailure(error: error, retryAfter: retryAfter)
        case 403:
            return TransientFailure(error: error, retryAfter: retryAfter, attempts: forbiddenAttempts)
        case _ where ["RequestTimeout", "OperationAborted", "SlowDown"].contains(code):
            return TransientFailure(error: error, retryAfter: retryAfter)
        default:
            return error
        }
    }

    private func error(_ request: S3Request, profile: S3Profile) -> PipelineError {
        let (kind, meaning) = meaning(request, profile: profile)
        let cause = ["S3 \(status)", code, words].filter { !$0.isEmpty }.joined(separator: " ")
        return PipelineError(kind, "\(request): \(meaning)", cause: cause)
    }

    private func meaning(_ request: S3Request, profile: S3Profile) -> (PipelineError.Code, String) {
        switch (code, status) {
        case ("SignatureDoesNotMatch", _):
            (
                .denied,
                "the secret key of profile \(profile.name) does not match its access key; check the credentials file"
            )
        case ("InvalidAccessKeyId", _):
            (.denied, "\(profile.endpoint) does not know the access key of profile \(profile.name)")
        case ("InvalidToken", _), ("ExpiredToken", _):
            (.denied, "the session token of profile \(profile.name) is no longer valid; get new keys")
        case ("RequestTimeTooSkewed", _):
            (.denied, "this machine's clock differs too much from the clock of \(profile.endpoint)")
        case ("QuotaExceeded", _), ("EntityTooLarge", _), (_, 507):
            (.noSpace, "the quota of the project or the size limit is used up")
        case ("NoSuchBucket", _): (.notFound, "\(profile.endpoint) has no bucket \(request.bucket)")
        case (_, 404): (.notFound, "it does not exist")
        case (_, 403):
            (
                .denied,
                "profile \(profile.name) (\(profile.credentials == nil ? "anonymous" : "signed")) has no permission"
            )
        case (_, 412): (.mismatch, "the object was replaced while it was read; start again")
        case (_, 416): (.corrupt, "the object ends before the range begins")
        case (_, 300..<400):
            (
                .configuration,
                "\(profile.endpoint) points to another server; check endpoint and region of \(profile.name)"
            )
        case (_, 501): (.unsupported, "the server does not offer this")
        case (_, 408), (_, 429), (_, 500..<600): (.unavailable, "the server cannot serve it now")
        default: (.unsupported, "the server refuses the request")
        }
    }
}
