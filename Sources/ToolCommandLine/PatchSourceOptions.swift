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
    ///
    /// - Parameters:
    ///   - context: The tool's.
    ///   - indices: How products as delivered are read, a place for each way.
    /// - Returns: the places with tile, year and resolutions.
    /// - Throws: ``PipelineError`` where a place is not configured.
    public func selection(_ context: ToolContext, indices: SAFEIndexChoice = .use) throws -> PatchSelection {
        let chosen = storages.isEmpty ? try configuredStorages(context) : storages
        try context.configuration.require(chosen.flatMap { Variable.places($0, formats) })
        let places = try chosen.flatMap { storage in
            try formats.flatMap { format in
                let store = try context.storage.store(storage, format)
                return (format == .safe ? indices.ignores : [false]).map {
                    PatchSelection.Place(storage: storage, format: format, store: store, ignoresIndex: $0)
                }
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

/// Whether products as delivered are read through their index of tile-parts.
public enum SAFEIndexChoice: String, CaseIterable, ExpressibleByArgument {
    /// Through it; where there is none, one is made when the run begins, and not kept.
    case use
    /// As readers do that know of none.
    case ignore
    /// Both ways, each a source of its own.
    case both

    fileprivate var ignores: [Bool] {
        switch self {
        case .use: [false]
        case .ignore: [true]
        case .both: [false, true]
        }
    }
}
