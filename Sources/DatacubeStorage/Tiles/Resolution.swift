/// The ground sampling distances of Sentinel-2's multispectral instrument.
public enum Resolution: Int, Sendable, CaseIterable, Comparable {
    case r10 = 10
    case r20 = 20
    case r60 = 60

    /// Metres a pixel.
    public var metres: Int { rawValue }

    /// `10m`, `20m` or `60m`: the name of the COG file and of the Zarr group.
    public var name: String { "\(rawValue)m" }

    /// Reads a ``name``.
    public init?(name: String) {
        guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// The bands of this resolution, in the order in which every format stacks them.
    public var bands: [Band] { Band.allCases.filter { $0.resolution == self } }

    /// Finer first.
    public static func < (one: Resolution, other: Resolution) -> Bool { one.rawValue < other.rawValue }
}
