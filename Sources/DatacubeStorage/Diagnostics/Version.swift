import CSystem

/// The version that every tool prints and every results file records.
public enum Version {
    /// Semantic version of this source tree.
    public static let current = "0.1.0"

    /// The revision that was built, as git names it; nil where the build was not told.
    public static var revision: String? {
        let text = unsafe String(cString: system_revision())
        return text.isEmpty ? nil : text
    }
}
