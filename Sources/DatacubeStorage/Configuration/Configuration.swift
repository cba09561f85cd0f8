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
        dotenv = isAbsent && envFile == nil ? nil : try Dotenv(path: dotenvPath, environment: environment)
    }

    /// The setting of a variable, nil where nothing sets it; an empty value counts as not set.
    ///
    /// - Throws: ``PipelineError`` naming the variable where what it is set to cannot be used.
    public func setting(_ variable: Variable) throws(PipelineError) -> Setting? {
        guard let setting = try findSetting(variable) else {
            return variable.fallback.map { Setting(value: $0, origin: .fallback) }
        }
        // A line end of Windows, for instance; nobody means a folder of such a name.
        guard !setting.value.utf8.contains(where: TextLines.isControl) else {
            throw PipelineError(
                .configuration,
                "the value of \(variable.name) has control characters, such as line ends"
            )
        }
        return setting
    }

    private func findSetting(_ variable: Variable) throws(PipelineError) -> Setting? {
        if let value = environment[variable.name], !value.isEmpty {
            try checkIsFilledIn(value, of: variable)
            return Setting(value: value, origin: .environment)
        }
        do {
            guard let value = try dotenv?.values[variable.name]?.get(), !value.isEmpty else { return nil }
            return Setting(value: value, origin: .file(dotenvPath))
        } catch {
            throw error.within(variable.name)
        }
    }

    // A shell fills in what is not quoted before it exports a variable. What comes from elsewhere, as from a job's
    // `--export` or a container's list, nobody has filled in: it would become a folder of that name.
    private func checkIsFilledIn(_ value: String, of variable: Variable) throws(PipelineError) {
        guard value.contains("${") || value == "~" || value.hasPrefix("~/") else { return }
        throw PipelineError(
            .configuration,
            "\(variable.name) is \(value) in the environment, which no shell has filled in; set it without quotes, or in "
                + dotenvPath
        )
    }

    /// The value of a variable.
    ///
    /// - Throws: ``PipelineError`` naming the variable and where it may be set.
    public func value(_ variable: Variable) throws(PipelineError) -> String {
        if let setting = try setting(variable) { return setting.value }
        throw missing([variable])
    }

    /// Makes sure that all variables have values, before work begins that needs them.
    ///
    /// - Throws: ``PipelineError`` naming all that have none, so that they can be set at once.
    public func require(_ variables: [Variable]) throws(PipelineError) {
        var absent: [Variable] = []
        for variable in variables where try setting(variable) == nil { absent.append(variable) }
        guard absent.isEmpty else { throw missing(absent) }
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
            do throws(PipelineError) {
                guard let setting = try setting(variable) else { return "\(variable.name) is not set" }
                let origin =
                    switch setting.origin {
                    case .environment: "environment"
                    case .file(let path): path
                    case .fallback: "default"
                    }
                return "\(variable.name)=\(Redaction.shown(variable.name, setting.value)) (\(origin))"
            } catch {
                return error.message
            }
        }
    }

    private func missing(_ variables: [Variable]) -> PipelineError {
        let names = variables.map { "\($0.name) (\($0.purpose))" }.joined(separator: ", ")
        let (verb, object) = variables.count == 1 ? ("is", "it") : ("are", "them")
        let hints = variables.compactMap(hint).map { "; \($0)" }.joined()
        return PipelineError(
            .configuration,
            "\(names) \(verb) not set; set \(object) in the environment or in \(dotenvPath)\(hints)"
        )
    }

    // Where the place is set, but under the name that the reference's present version uses.
    private func hint(_ variable: Variable) -> String? {
        guard let name = variable.nameInReference, environment[name] != nil || dotenv?.values[name] != nil else {
            return nil
        }
        return "\(name) is set, but the name here is \(variable.name)"
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
