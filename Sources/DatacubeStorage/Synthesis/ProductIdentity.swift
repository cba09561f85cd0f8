/// The names and identifiers of a product, its granule and its datastrip.
struct ProductIdentity: Sendable {
    let acquisition: Acquisition

    private var mission: String { acquisition.spacecraft.shortName }
    private var centre: String { acquisition.spacecraft.centre }
    private var orbit: String { acquisition.absoluteOrbit.padded(to: 6) }
    private var baseline: Baseline { acquisition.baseline }
    private var start: String { acquisition.datatakeStart.compact }
    private var generation: String { acquisition.generationTime.compact }
    private var tile: String { "T\(acquisition.tile.name)" }

    /// `S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102.SAFE`.
    var product: String {
        let relative = "R" + acquisition.track.relativeOrbit.padded(to: 3)
        return [mission, "MSIL1C", start, baseline.code, relative, tile, generation].joined(separator: "_") + ".SAFE"
    }

    /// `Sentinel-2/MSI/L1C/2024/06/11/<product>`: the key in the object store.
    var key: String { "Sentinel-2/MSI/L1C/\(acquisition.datatakeStart.folder)/\(product)" }

    /// The granule's folder.
    var granuleFolder: String { "GRANULE/L1C_\(tile)_A\(orbit)_\(datastripStart.compact)" }

    /// The datastrip's folder.
    var datastripFolder: String { "DATASTRIP/DS_\(centre)_\(generation)_S\(datastripStart.compact)" }

    var granule: String {
        "\(mission)_OPER_MSI_L1C_TL_\(centre)_\(generation)_A\(orbit)_\(tile)_N\(baseline)"
    }

    var datastrip: String {
        "\(mission)_OPER_MSI_L1C_DS_\(centre)_\(generation)_S\(datastripStart.compact)_N\(baseline)"
    }

    var datatake: String { "G\(mission)_\(start)_\(orbit)_N\(baseline)" }

    /// The datastrip begins a while before the tile.
    var datastripStart: Timestamp {
        Timestamp(microseconds: (acquisition.sensingTime.microseconds - 54_000_000) / 1000 * 1000)
    }

    /// `T35VLH_20240611T095031_B02`: an image file without its ending.
    func image(_ name: String) -> String { "\(tile)_\(start)_\(name)" }

    /// The image's path in the product, without its ending.
    func imagePath(_ name: String) -> String { "\(granuleFolder)/IMG_DATA/\(image(name))" }
}
