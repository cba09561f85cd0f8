/// Where Zarr groups lie below the folder of all of them: `<tile>/<year>/<10m|20m|60m>`, with the array `data`.
public enum ZarrLayout {
    /// The path, inside the store, of the group that holds all three resolutions of a tile-year.
    public static func path(of tileYear: ProductCatalogue.TileYear) -> String { tileYear.description }

    /// The path of the group of one resolution.
    public static func path(of tileYear: ProductCatalogue.TileYear, _ resolution: Resolution) -> String {
        "\(tileYear)/\(resolution.name)"
    }
}
