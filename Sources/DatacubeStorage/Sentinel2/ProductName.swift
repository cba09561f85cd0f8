// Sentinel-2 products specification, S2-PDGS-TAS-DI-PSD, section "Product naming convention".

/// The parts of a product's name, such as
/// `S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102.SAFE`.
public struct ProductName: Sendable, Hashable {
    /// The name without `.SAFE`.
    public let identifier: String
    /// The spacecraft, such as `S2A`.
    public let platform: String
    /// Start of the datatake, to the second: `20240611T095031`.
    public let datatakeStart: String
    /// The processing baseline as digits: 510 for N0510.
    public let baseline: Int
    /// Relative orbit, 1 to 143.
    public let relativeOrbit: Int
    /// The MGRS tile without its `T`: `35VLH`.
    public let tile: String
    /// Tells products of one datatake and tile apart; a time, to the second.
    public let discriminator: String

    /// The EPSG code of the UTM zone that the tile is named after, on WGS 84; latitude bands from N on are northern.
    public var epsgCode: Int {
        (tile.dropFirst(2).utf8.first ?? 0 >= UInt8(ascii: "N") ? 32_600 : 32_700) + (Int(tile.prefix(2)) ?? 0)
    }

    /// The UTC year of the datatake's start.
    public var year: Int { Int(datatakeStart.prefix(4)) ?? 0 }
    /// The UTC month of the datatake's start, 1 to 12.
    public var month: Int { Int(datatakeStart.dropFirst(4).prefix(2)) ?? 0 }

    /// The tile and the year that it belongs to.
    public var tileYear: TileYear { TileYear(tile: tile, year: year) }

    /// Reads a name with or without `.SAFE`.
    ///
    /// - Throws: ``PipelineError`` that says which part is wrong; names of the format used before December 2016
    ///   (`S2A_OPER_PRD_MSIL1C_…`) hold many tiles and are not supported.
    public init(_ name: String) throws(PipelineError) {
        let identifier = name.hasSuffix(".SAFE") ? String(name.dropLast(5)) : name
        if identifier.contains("_OPER_PRD_") {
            let reason = "is a product of the format used before December 2016, which is not supported; "
            throw PipelineError(.unsupported, "\(name) \(reason)fetch its reprocessed version instead")
        }
        let parts = identifier.split(separator: "_", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 7, parts[1].hasPrefix("MSIL") else {
            throw PipelineError(.unsupported, "\(name) is not the name of a Sentinel-2 product")
        }
        guard parts[1] == "MSIL1C" else {
            throw PipelineError(.unsupported, "\(name) is of level \(parts[1].dropFirst(3)); only Level-1C is handled")
        }
        guard Self.isTime(parts[2]), Self.isTime(parts[6]),
            let baseline = Self.number(parts[3], after: "N", digits: 4),
            let orbit = Self.number(parts[4], after: "R", digits: 3),
            parts[0].count == 3, parts[0].hasPrefix("S2"), let tile = Self.tile(parts[5])
        else {
            throw PipelineError(.unsupported, "\(name) does not follow the naming convention of Level-1C products")
        }
        self.identifier = identifier
        self.platform = parts[0]
        self.datatakeStart = parts[2]
        self.baseline = baseline
        self.relativeOrbit = orbit
        self.tile = tile
        self.discriminator = parts[6]
    }

    private static func isTime(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count == 15 && bytes[8] == UInt8(ascii: "T") && Int(digits: bytes[..<8]) != nil
            && Int(digits: bytes[9...]) != nil
    }

    private static func number(_ text: String, after letter: Character, digits: Int) -> Int? {
        guard text.first == letter, text.utf8.count == digits + 1 else { return nil }
        return Int(digits: text.utf8.dropFirst())
    }

    private static func tile(_ text: String) -> String? {
        guard text.first == "T" else { return nil }
        let tile = String(text.dropFirst())
        return MGRSTile.isName(tile) ? tile : nil
    }
}
