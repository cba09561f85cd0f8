/// One of the formats that are compared, with all that the workflow needs to know of it.
///
/// Each is defined in a folder of its own; a further one is a value more in ``allCases``.
public struct DataFormat: Sendable {
    /// As it stands in options, results and reports: `zarr`.
    public let name: String
    /// What it is, in a few words.
    public let summary: String
    /// What variables call it: `ZARR`.
    public let variableName: String
    /// What makes it.
    public let origin: Origin
    /// What lies where, and how it is read.
    let layout: any FormatLayout

    /// Where a format's files come from.
    public enum Origin: Sendable {
        /// Fetched as they are.
        case intake
        /// Converted by `safe2cog`.
        case safe2cog
        /// Converted by `safe2zarr`, which takes the format's name as a layout.
        case safe2zarr
    }

    /// All of them, in the order in which tables and variables list them.
    public static let allCases: [DataFormat] = [.safe, .cog, .zarr, .shardzarr, .zipzarr]

    /// The three that every workflow has.
    public static let standard: [DataFormat] = [.safe, .cog, .zarr]

    /// Those that `safe2zarr` makes.
    public static let cubes = allCases.filter { $0.origin == .safe2zarr }

    init(
        _ name: String,
        summary: String,
        variableName: String? = nil,
        origin: Origin,
        layout: any FormatLayout
    ) {
        self.name = name
        self.summary = summary
        self.variableName = variableName ?? name.uppercased()
        self.origin = origin
        self.layout = layout
    }

    /// Finds a format by its name.
    public init?(name: String) {
        guard let format = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = format
    }
}

extension DataFormat: Hashable, CustomStringConvertible {
    /// The name.
    public var description: String { name }

    /// Formats of one name are the same.
    public static func == (one: DataFormat, other: DataFormat) -> Bool { one.name == other.name }

    /// By name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
