/// A version of ESA's processor, such as 05.10.
public struct Baseline: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Before the point.
    public let major: Int
    /// After the point.
    public let minor: Int

    /// Reads `05.10`.
    public init(_ text: String) throws(PipelineError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]),
            (0...99).contains(major), (0...99).contains(minor)
        else {
            throw PipelineError(.configuration, "'\(text)' is not a processing baseline; expected one such as 05.10")
        }
        self.major = major
        self.minor = minor
    }

    /// `05.10`.
    public var description: String { "\(major / 10)\(major % 10).\(minor / 10)\(minor % 10)" }

    /// `N0510`, as in product names.
    public var code: String { "N" + description.filter { $0 != "." } }

    /// Since 04.00 (January 2022) 1000 is added to every DN, and manifests carry SHA3-256 instead of MD5.
    public var addsRadiometricOffset: Bool { major >= 4 }

    /// Older first.
    public static func < (one: Baseline, other: Baseline) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}
