public import ArgumentParser
public import DatacubeStorage

/// Which sources a benchmark or a verification looks at.
public struct PatchSourceOptions: ParsableArguments {
    /// Storages.
    @Option(parsing: .upToNextOption, help: "Storages: network temp.")
    public var storages: [Storage] = Storage.allCases

    /// Formats.
    @Option(parsing: .upToNextOption, help: "Formats: safe cog zarr.")
    public var formats: [DataFormat] = DataFormat.allCases

    /// MGRS tile.
    @Option(help: "MGRS tile (default: the only one there is).")
    public var tile: String?

    /// UTC year.
    @Option(help: "Year (default: the only one there is).")
    public var year: Int?

    /// Creates the options with their defaults.
    public init() {}

    /// Every format on every storage, with the folders that the configuration gives.
    public func selection(_ configuration: Configuration) throws -> PatchSelection {
        let places = try storages.flatMap { storage in
            try formats.map { format in
                let folder = try configuration.folder(storage, format)
                return PatchSelection.Place(storage: storage, format: format, folder: folder)
            }
        }
        return PatchSelection(places: places, tile: tile, year: year)
    }
}
