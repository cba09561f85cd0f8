/// Settings by precedence: environment, then the `.env` file, then the default.
///
/// Options come before all of these; a tool passes them to its job directly.
public struct Configuration: Sendable {
    /// Who set a value.
    public enum Origin: Sendable, Equatable {
        case environment
        case file(String)
        case fallback
    }

    /// A value and who set it.
    public struct Setting: Sendable, Equatable {
        /// The value, expanded.
        public let value: String
        /// Who set it.
        public let origin: Origin
    }

    private let environment: [String: String]
    private let dotenv: Dotenv?
    private let dotenvPath: String

    /// Reads the `.env` file if there is one.
    ///
    /// - Parameters:
    ///   - environment: The process's variables.
    ///   - envFile: The file of `--env-file`, which must exist; nil means `.env` in the working directory, which
    ///     may be absent.
    /// - Throws: ``PipelineError`` when the file is absent, unreadable or malformed.
    public init(environment: [String: String], envFile: String?) throws(PipelineError) {
        self.environment = environment
        dotenvPath = envFile ?? ".env"
        let isAbsent = try !FileSystem.exists(dotenvPath)
        if isAbsent, envFile == nil {
            dotenv = nil
            return
        }
        let text = String(decoding: try FileSystem.contents(of: dotenvPath, limit: 1 << 20), as: UTF8.self)
        dotenv = try Dotenv(text: text, path: dotenvPath, environment: environment)
    }

    /// The setting of a variable; an empty value counts as not set.
    public func setting(_ variable: Variable) -> Setting? {
        if let value = environment[variable.name], !value.isEmpty {
            return Setting(value: value, origin: .environment)
        }
        if let value = dotenv?.values[variable.name], !value.isEmpty {
            return Setting(value: value, origin: .file(dotenvPath))
        }
        return variable.fallback.map { Setting(value: $0, origin: .fallback) }
    }

    /// The value of a variable.
    ///
    /// - Throws: ``PipelineError`` naming the variable and where it may be set.
    public func value(_ variable: Variable) throws(PipelineError) -> String {
        if let setting = setting(variable) { return setting.value }
        let places = "set it in the environment or in \(dotenvPath)"
        throw PipelineError(.configuration, "\(variable.name) (\(variable.purpose)) is not set; \(places)")
    }

    /// The folder of a format on a storage, without a slash at its end.
    public func folder(_ storage: Storage, _ format: DataFormat) throws(PipelineError) -> String {
        let path = try value(.place(storage, format))
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The bucket of a format, with the key prefix below which it lies: `bucket` or `bucket/prefix`.
    public func bucket(_ format: DataFormat) throws(PipelineError) -> S3Location {
        let variable = Variable.place(.s3, format)
        let text = try value(variable)
        if let location = S3Location(text.hasPrefix("s3://") ? text : "s3://" + text) { return location }
        throw PipelineError(.configuration, "\(variable.name)=\(text) is not the name of a bucket")
    }

    /// A profile for S3 by its name, from the files and variables of the AWS tools.
    public func profile(_ variable: Variable) throws -> S3Profile {
        try AWSConfiguration(environment: environment).profile(value(variable))
    }

    /// One line per variable with its value and who set it, for `--verbose`.
    public func summary() -> [String] {
        Variable.all.map { variable in
            guard let setting = setting(variable) else { return "\(variable.name) is not set" }
            let origin =
                switch setting.origin {
                case .environment: "environment"
                case .file(let path): path
                case .fallback: "default"
                }
            return "\(variable.name)=\(Redaction.shown(variable.name, setting.value)) (\(origin))"
        }
    }
}

/// Keeps secrets out of logs, errors and results.
public enum Redaction {
    private static let secretWords = ["SECRET", "TOKEN", "PASSWORD", "ACCESS_KEY", "CREDENTIAL"]

    /// The value as it may be printed: secrets are replaced, and so is the password inside a URL.
    public static func shown(_ name: String, _ value: String) -> String {
        let upper = name.uppercased()
        if secretWords.contains(where: upper.contains) { return "[redacted]" }
        guard let scheme = value.firstRange(of: "://"), let at = value.lastIndex(of: "@"), scheme.upperBound < at else {
            return value
        }
        return value[..<scheme.upperBound] + "[redacted]" + value[at...]
    }
}
