/// Whether a run's verdicts may be quoted, and why not.
public struct RunValidity: Codable, Sendable, Equatable {
    /// Whether there is a reason to doubt.
    public enum Verdict: String, Codable, Sendable {
        /// All that was asked for was measured, in the state that was asked for.
        case valid
        /// Something that the reasons name keeps the figures from being what they look like.
        case doubtful
    }

    /// The verdict.
    public var verdict: Verdict { reasons.isEmpty ? .valid : .doubtful }
    /// One line for each reason to doubt.
    public var reasons: [String]
    /// One line for each thing that a reader should know and that does not touch the figures.
    public var warnings: [String]

    enum CodingKeys: String, CodingKey { case verdict, reasons, warnings }

    /// Creates a verdict.
    public init(reasons: [String], warnings: [String]) {
        self.reasons = reasons
        self.warnings = warnings
    }

    /// Reads the lines; the verdict follows from them.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        reasons = try values.decode([String].self, forKey: .reasons)
        warnings = try values.decodeIfPresent([String].self, forKey: .warnings) ?? []
    }

    /// Writes verdict and lines.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(verdict, forKey: .verdict)
        try values.encode(reasons, forKey: .reasons)
        try values.encode(warnings, forKey: .warnings)
    }
}
