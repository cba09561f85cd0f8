/// What the processings of one acquisition have in common.
struct AcquisitionKey: Hashable {
    private let platform, datatakeStart, tile, datastrip: String
    private let orbit: Int

    /// An acquisition of its own for each product of which no datastrip is known.
    init(_ name: ProductName, datastrip identifier: String?) {
        let parts = identifier?.split(separator: "_") ?? []
        // S2A_OPER_MSI_L1C_DS_2APS_20230216T063628_S20230216T045412_N05.09: the part that begins with S2…T…
        let start = parts.last { $0.count == 16 && $0.hasPrefix("S") }.map(String.init)
        self.init(name, start: start ?? name.identifier)
    }

    /// What a product's name tells by itself.
    init(overpass name: ProductName) { self.init(name, start: "") }

    private init(_ name: ProductName, start: String) {
        (platform, datatakeStart, tile, orbit) = (name.platform, name.datatakeStart, name.tile, name.relativeOrbit)
        datastrip = start
    }
}
