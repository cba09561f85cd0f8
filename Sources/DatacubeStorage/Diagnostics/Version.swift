/// The version that every tool prints and every results file records.
public enum Version {
    /// Semantic version of this source tree.
    public static let current = "0.1.0"
}
