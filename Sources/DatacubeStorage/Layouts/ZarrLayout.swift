/// Where Zarr groups lie below the folder of all of them: `<tile>/<year>/<10m|20m|60m>`, with the array `data`.
public enum ZarrLayout {
    /// The path, inside the store, of the group that holds all three resolutions of a tile-year.
    public static func path(of tileYear: TileYear) -> String { tileYear.description }

    /// Whether a path, cut into its components, is that of the document of a store, a tile or a year.
    ///
    /// Such a document declares nothing complete: it is a group's that lists nothing.
    static func isAboveCubes(_ parts: [some StringProtocol]) -> Bool {
        parts.count <= 3 && parts.last.map { $0 == MetadataDocument.name } ?? false
    }

    /// The path of the group of one resolution.
    public static func path(of tileYear: TileYear, _ resolution: Resolution) -> String {
        "\(tileYear)/\(resolution.name)"
    }
}
