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
        func path(_ variable: String, standard: String) -> String {
            let path = environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? standard
            return path.hasPrefix("~/") ? home + path.dropFirst() : path
        }
        let configPath = path("AWS_CONFIG_FILE", standard: "~/.aws/config")
        let credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", standard: "~/.aws/credentials")
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
        let settings = config.profile(name).map { Settings(values: $0, profile: name) }
        let keys = credentials.section(name).map { Settings(values: $0, profile: name) }
        guard settings != nil || keys != nil || environment["AWS_ACCESS_KEY_ID"] != nil || hasEndpointVariable else {
            throw PipelineError(.configuration, "S3 profile \(name) is neither in \(places) nor in AWS_* variables")
        }
        // What the credentials file says besides keys comes before the config file.
        let both = Settings(values: (settings?.values ?? [:]).merging(keys?.values ?? [:]) { $1 }, profile: name)
        guard let endpoint = try endpoint(both) else {
            throw PipelineError(
                .configuration,
                "S3 profile \(name) has no endpoint; add endpoint_url = https://… to [profile \(name)] in the AWS config "
                    + "file, or set AWS_ENDPOINT_URL"
            )
        }
        return try S3Profile(
            name: name,
            endpoint: endpoint,
            region: try region(both) ?? "default",
            credentials: try credentials([keys, settings].compactMap { $0 }, name: name)
        )
    }

    private var variables: Settings { Settings(values: environment.mapValues { .text($0) }, profile: nil) }

    private var hasEndpointVariable: Bool {
        environment["AWS_ENDPOINT_URL_S3"] != nil || environment["AWS_ENDPOINT_URL"] != nil
    }

    private func region(_ settings: Settings) throws(PipelineError) -> String? {
        for name in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let text = try variables.text(name) { return text }
        }
        return try settings.text("region")
    }

    private func endpoint(_ settings: Settings) throws(PipelineError) -> String? {
        for name in ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] {
            if let text = try variables.text(name) { return text }
        }
        if let text = try endpointOfServices(settings) { return text }
        if let text = try settings.text("endpoint_url") { return text }
        // Not botocore's, but where a widely used plugin of the AWS command line has it.
        return try settings.text("endpoint_url", below: "s3")
    }

    private func endpointOfServices(_ settings: Settings) throws(PipelineError) -> String? {
        guard let value = settings.values["services"] else { return nil }
        guard case .text(let name) = value, let services = config.section("services", name: name), !services.isEmpty
        else {
            throw settings.fault("the section [services …] that it names is not in the AWS config file, or empty")
        }
        if case .text = services["s3"] {
            throw settings.fault("s3 in its section [services …] has no indented settings below it")
        }
        return try Settings(values: services, profile: settings.profile).text("endpoint_url", below: "s3")
    }

    private func credentials(_ sections: [Settings], name: String) throws(PipelineError) -> S3Credentials? {
        for section in sections where section.values["aws_access_key_id"] != nil {
            return try section.credentials(
                "aws_access_key_id",
                secret: "aws_secret_access_key",
                tokens: ["aws_security_token", "aws_session_token"]
            )
        }
        for section in sections where section.values["aws_secret_access_key"] != nil {
            throw section.fault("it has a secret key without its access key, aws_access_key_id")
        }
        if environment["AWS_ACCESS_KEY_ID"] != nil {
            return try variables.credentials(
                "AWS_ACCESS_KEY_ID",
                secret: "AWS_SECRET_ACCESS_KEY",
                tokens: ["AWS_SESSION_TOKEN"]
            )
        }
        let others = ["credential_process", "role_arn", "sso_session", "sso_start_url", "web_identity_token_file"]
        guard let other = others.first(where: { name in sections.contains { $0.values[name] != nil } }) else {
            return nil
        }
        throw PipelineError(.unsupported, "S3 profile \(name) uses \(other); only access keys are supported here")
    }
}

extension AWSConfiguration {
    /// The values of a section, or the variables.
    private struct Settings {
        let values: AWSConfigurationFile.Section
        /// Whose they are, for errors; nil means the environment's.
        let profile: String?

        /// A value that is one word; nil where it is not set or empty.
        func text(_ name: String, below parent: String? = nil) throws(PipelineError) -> String? {
            let text: String?
            switch values[parent ?? name] {
            case .text(let value): text = parent == nil ? value : nil
            case .nested(let values):
                guard parent != nil else { throw fault("\(name) has settings below it where its value is expected") }
                text = values[name]
            case nil: text = nil
            }
            guard let text, !text.isEmpty else { return nil }
            // A comment behind a value belongs to it, as far as the AWS tools are concerned.
            guard !text.unicodeScalars.contains(where: { $0.properties.isWhitespace || $0.value < 0x20 }) else {
                throw fault("\(name) has blanks or line ends in it; comments need lines of their own")
            }
            return text
        }

        func credentials(_ access: String, secret: String, tokens: [String]) throws(PipelineError) -> S3Credentials {
            guard let accessKey = try text(access) else { throw fault("\(access) is empty") }
            guard let secretKey = try text(secret) else { throw fault("it has an access key without its secret key") }
            var sessionToken: String?
            if let token = tokens.first(where: { values[$0] != nil }) { sessionToken = try text(token) }
            return S3Credentials(accessKey: accessKey, secretKey: secretKey, sessionToken: sessionToken)
        }

        func fault(_ reason: String) -> PipelineError {
            PipelineError(.configuration, "\(profile.map { "S3 profile \($0)" } ?? "the environment"): \(reason)")
        }
    }
}
