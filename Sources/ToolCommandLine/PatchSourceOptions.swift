public import ArgumentParser
public import DatacubeStorage
import Logging

/// Which sources a benchmark or a verification looks at.
public struct PatchSourceOptions: ParsableArguments {
    /// Storages.
    @Option(
        parsing: .upToNextOption,
        help: "Storages: network temp s3 (default: those whose variables are set for all formats)."
    )
    public var storages: [Storage] = []

    /// Formats.
    @Option(parsing: .upToNextOption, help: ArgumentHelp("Formats: \(formatsHelp)"))
    public var formats: [DataFormat] = DataFormat.standard

    /// MGRS tile.
    @Option(name: tileSpellings("tile"), help: "MGRS tile (default: the only one there is).")
    public var tile: String?

    /// UTC year.
    @Option(help: "Year (default: the only one there is).")
    public var year: Int?

    /// Resolutions.
    @Option(parsing: .upToNextOption, help: "Only these resolutions: 10m 20m 60m (default: all).")
    public var resolution: [Resolution] = []

    /// Creates the options with their defaults.
    public init() {}

    /// Every format on every storage, in the places that the configuration gives.
    public func selection(_ context: ToolContext) throws -> PatchSelection {
        let chosen = storages.isEmpty ? try configuredStorages(context) : storages
        try context.configuration.require(chosen.flatMap { Variable.places($0, formats) })
        let places = try chosen.flatMap { storage in
            try formats.map { format in
                let store = try context.storage.store(storage, format)
                return PatchSelection.Place(storage: storage, format: format, store: store)
            }
        }
        let resolutions = resolution.isEmpty ? Resolution.allCases : Resolution.allCases.filter(resolution.contains)
        return PatchSelection(places: places, tile: tile, year: year, resolutions: resolutions)
    }

    /// Those whose variables are set; without any, the network drive, so that the error names what it needs.
    private func configuredStorages(_ context: ToolContext) throws -> [Storage] {
        let reasons = Storage.allCases.map { ($0, reasonToLeaveOut($0, configuration: context.configuration)) }
        let configured = reasons.filter { $0.1 == nil }.map(\.0)
        guard !configured.isEmpty else { return [.network] }
        for (storage, reason) in reasons {
            if let reason { context.log.info("\(storage.rawValue) is left out: \(reason)") }
        }
        return configured
    }

    private func reasonToLeaveOut(_ storage: Storage, configuration: Configuration) -> String? {
        var missing: [String] = []
        for variable in Variable.places(storage, formats) {
            do throws(PipelineError) {
                if try configuration.setting(variable) == nil { missing.append(variable.name) }
            } catch {
                return error.message
            }
        }
        guard !missing.isEmpty else { return nil }
        return missing.joined(separator: ", ") + (missing.count == 1 ? " is" : " are") + " not set"
    }
}

/// Where patches may lie.
public struct PatchAreaOptions: ParsableArguments {
    /// Easting of the left edge, metres.
    @Option(help: "Easting of the area's left edge, metres (default: the tile's).")
    public var x1: Int?

    /// Northing of the upper edge, metres.
    @Option(help: "Northing of the area's upper edge.")
    public var y1: Int?

    /// Easting of the right edge, metres.
    @Option(help: "Easting of the area's right edge.")
    public var x2: Int?

    /// Northing of the lower edge, metres.
    @Option(help: "Northing of the area's lower edge.")
    public var y2: Int?

    /// Creates the options with their defaults.
    public init() {}

    /// Refuses a half-named area.
    public func validate() throws {
        guard Set([x1, y1, x2, y2].map { $0 == nil }).count == 1 else {
            throw ValidationError("--x1 --y1 --x2 --y2 go together")
        }
    }

    /// The area, or nil for the whole tile.
    public var area: PatchArea? {
        guard let x1, let y1, let x2, let y2 else { return nil }
        return PatchArea(x1: x1, y1: y1, x2: x2, y2: y2)
    }
}
