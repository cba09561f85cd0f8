/// The thirteen bands of Level-1C, in the order of the product specification's `bandId` 0 to 12.
public enum Band: Int, Sendable, CaseIterable {
    case b01, b02, b03, b04, b05, b06, b07, b08, b8a, b09, b10, b11, b12

    /// The identifier that the metadata use (`bandId="8"` is B8A).
    public var identifier: Int { rawValue }

    /// `B01` … `B12`, `B8A`: the ending of the band's file and its name in every format.
    public var name: String { Self.names[rawValue] }

    /// The resolution at which the band is delivered.
    public var resolution: Resolution {
        switch self {
        case .b02, .b03, .b04, .b08: .r10
        case .b05, .b06, .b07, .b8a, .b11, .b12: .r20
        case .b01, .b09, .b10: .r60
        }
    }

    private static let names = [
        "B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12",
    ]
}
