import Testing

@testable import DatacubeStorage

@Suite struct HeldAcquisitionTests {
    private static let overpass = "S2A_MSIL1C_20240611T095031"
    private static let (first, second) = (
        "S2A_OPER_MSI_L1C_DS_2APS_20240611T1_S20240611T095029_N05.10", "X_S20240611T095129_Y"
    )

    private func product(_ baseline: String, _ discriminator: String, _ datastrip: String? = nil) throws -> HeldProduct
    {
        let name = "\(Self.overpass)_\(baseline)_R079_T35VLH_20240611T\(discriminator)"
        return HeldProduct(name: try ProductName(name), datastrip: datastrip, state: .used)
    }

    private func baselines(_ acquisitions: [HeldAcquisition]) -> [[[Int]]] {
        acquisitions.map { $0.held.map { $0.map(\.name.baseline) } }
    }

    @Test func processingsOfOneDatastripAreOneAcquisition() throws {
        let delivered = [try product("N0500", "100000", Self.first), try product("N0510", "100001", Self.first)]
        let all = HeldAcquisition.all(in: [delivered, [try product("N0500", "100000")]])
        #expect(baselines(all) == [[[500, 510], [500]]])
        #expect(all[0].latest(in: 0)?.name.baseline == 510 && all[0].latestOfAll?.name.baseline == 510)
    }

    /// A cube keeps names alone; what it has is known by another place, or is of the only acquisition of its overpass.
    @Test func namesAreOfTheAcquisitionThatIsKnown() throws {
        let delivered = [try product("N0510", "100000", Self.first), try product("N0510", "100101", Self.second)]
        let cube = [try product("N0510", "100000"), try product("N0510", "100101")]
        #expect(baselines(HeldAcquisition.all(in: [delivered, cube])) == [[[510], [510]], [[510], [510]]])
        let earlier = [try product("N0500", "095959")]
        #expect(baselines(HeldAcquisition.all(in: [[delivered[0]], earlier])) == [[[510], [500]]])
        let unclear = HeldAcquisition.all(in: [delivered, earlier])
        #expect(unclear.count == 3, "of two acquisitions it may be either")
    }

    @Test func namesAloneAreToldApartWhereAPlaceHasSeveral() throws {
        let (one, other) = ([try product("N0500", "100000")], [try product("N0510", "100001")])
        #expect(baselines(HeldAcquisition.all(in: [one, other])) == [[[500], [510]]])
        #expect(HeldAcquisition.all(in: [one + other, other]).count == 2)
    }
}
