/// The variables that the tools understand.
public struct Variable: Sendable, Hashable {
    /// As it stands in the environment or in `.env`.
    public let name: String
    /// What it is, for the error when it is missing.
    public let purpose: String
    /// Used where nothing sets it; nil means that it must be set.
    public let fallback: String?

    /// The folder of a format on a storage.
    public static func folder(_ storage: Storage, _ format: DataFormat) -> Variable {
        let part = format == .cog ? "COGS" : format.rawValue.uppercased()
        let place = storage == .network ? "the network drive" : "the node's own disk"
        return Variable(
            name: "DSLAB_S2L1C_\(storage.rawValue.uppercased())_\(part)_PATH",
            purpose: "the folder for \(format.rawValue.uppercased()) data on \(place)",
            fallback: nil
        )
    }

    /// Where results go.
    public static let logFolder = Variable(
        name: "DSLAB_LOG_FOLDER", purpose: "the folder for results", fallback: "./results")

    /// All of them, in the order in which `--verbose` prints them.
    public static let all =
        Storage.allCases.flatMap { storage in DataFormat.allCases.map { folder(storage, $0) } } + [logFolder]
}
