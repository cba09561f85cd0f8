public import ArgumentParser
public import DatacubeStorage

extension LogFormat: ExpressibleByArgument {}
extension Storage: ExpressibleByArgument {}

extension COGWriter.Compression: ExpressibleByArgument {}
extension FileVerification: ExpressibleByArgument {}
extension MirrorJob.Direction: ExpressibleByArgument {}
extension CacheState: ExpressibleByArgument {}
extension BloscShuffle: ExpressibleByArgument {}

extension DataFormat: ExpressibleByArgument {
    /// Reads a name.
    public init?(argument: String) { self.init(name: argument) }

    /// As the help shows a default.
    public var defaultValueDescription: String { name }

    /// As the help and completion scripts list them.
    public static var allValueStrings: [String] { allCases.map(\.name) }
}

/// What the help says of an option for formats: which there are, and which are taken.
public let formatsHelp =
    "\(DataFormat.allCases.map(\.name).joined(separator: " ")) (default: "
    + "\(DataFormat.standard.map(\.name).joined(separator: " ")))."

extension Resolution: ExpressibleByArgument {
    /// Reads `10m`, `20m` or `60m`.
    public init?(argument: String) { self.init(name: argument) }

    /// As the help shows a default.
    public var defaultValueDescription: String { name }

    /// As the help and completion scripts list them.
    public static var allValueStrings: [String] { allCases.map(\.name) }

    /// Nothing beyond the names, which the help would otherwise list with an empty description each.
    public static var allValueDescriptions: [String: String] { [:] }
}
