// Precedence: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html

/// S3 profiles from the files and variables of the AWS tools.
///
/// As with these tools, variables come before the files for endpoint and region, while a named profile's own keys come
/// before `AWS_ACCESS_KEY_ID`. Keys in neither place mean anonymous access.
public struct AWSConfiguration: Sendable {
    private let environment: [String: String]
    private let config: AWSConfigurationFile
    private let credentials: AWSConfigurationFile
    private let places: String

    /// Reads the files: `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or else `config` and `credentials` in
    /// `~/.aws`; they may be absent.
    ///
    /// - Throws: `configuration` when a file makes no sense; `unreadable` when it cannot be read.
    public init(environment: [String: String]) throws(PipelineError) {
        self.environment = environment.filter { !$0.value.isEmpty }
        let home = environment["HOME"] ?? ""
        let configPath = self.environment["AWS_CONFIG_FILE"] ?? "\(home)/.aws/config"
        let credentialsPath = self.environment["AWS_SHARED_CREDENTIALS_FILE"] ?? "\(home)/.aws/credentials"
        config = try AWSConfigurationFile(path: configPath)
        credentials = try AWSConfigurationFile(path: credentialsPath)
        places = "\(configPath) and \(credentialsPath)"
    }

    /// A profile.
    ///
    /// `name` is as in `[profile NAME]` and `[NAME]`; nil means `AWS_PROFILE` or `default`. What is missing is named in
    /// the error, with the places where it may be set.
    public func profile(_ name: String?) throws(PipelineError) -> S3Profile {
        let name = name ?? environment["AWS_PROFILE"] ?? "default"
        let settings = config.sections["profile \(name)"] ?? (name == "default" ? config.sections["default"] : nil)
        let keys = credentials.sections[name]
        guard settings != nil || keys != nil || environment["AWS_ACCESS_KEY_ID"] != nil || hasEndpointVariable else {
            throw PipelineError(.configuration, "S3 profile \(name) is neither in \(places) nor in AWS_* variables")
        }
        guard let endpoint = endpoint(settings ?? [:]) else {
            throw PipelineError(
                .configuration,
                "S3 profile \(name) has no endpoint; add endpoint_url = https://… to [profile \(name)] in the AWS config "
                    + "file, or set AWS_ENDPOINT_URL"
            )
        }
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? settings?["region"]
        return try S3Profile(
            name: name,
            endpoint: endpoint,
            region: region ?? "default",
            credentials: try credentials(name, [keys ?? [:], settings ?? [:]])
        )
    }

    private var hasEndpointVariable: Bool {
        environment["AWS_ENDPOINT_URL_S3"] != nil || environment["AWS_ENDPOINT_URL"] != nil
    }

    private func endpoint(_ settings: [String: String]) -> String? {
        let services = settings["services"].flatMap { config.sections["services \($0)"] }
        return environment["AWS_ENDPOINT_URL_S3"] ?? environment["AWS_ENDPOINT_URL"] ?? services?["s3.endpoint_url"]
            ?? settings["s3.endpoint_url"] ?? settings["endpoint_url"]
    }

    private func credentials(_ name: String, _ sections: [[String: String]]) throws(PipelineError) -> S3Credentials? {
        let section = sections.first { $0["aws_access_key_id"] != nil } ?? [:]
        let accessKey = section["aws_access_key_id"] ?? environment["AWS_ACCESS_KEY_ID"]
        guard let accessKey else {
            let others = ["credential_process", "role_arn", "sso_session", "sso_start_url", "web_identity_token_file"]
            guard let other = others.first(where: { name in sections.contains { $0[name] != nil } }) else { return nil }
            throw PipelineError(.unsupported, "S3 profile \(name) uses \(other); only access keys are supported here")
        }
        let isFromFile = section["aws_access_key_id"] != nil
        guard let secret = isFromFile ? section["aws_secret_access_key"] : environment["AWS_SECRET_ACCESS_KEY"] else {
            throw PipelineError(.configuration, "S3 profile \(name) has an access key without its secret key")
        }
        let token = isFromFile ? section["aws_session_token"] : environment["AWS_SESSION_TOKEN"]
        return S3Credentials(accessKey: accessKey, secretKey: secret, sessionToken: token)
    }
}
