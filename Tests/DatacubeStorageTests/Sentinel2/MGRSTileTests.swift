import DatacubeStorage
import Testing

@Suite struct MGRSTileTests {
    /// Corners as `MTD_TL.xml` of real products states them.
    @Test(arguments: [
        ("46UEU", 32646, 499980, 5_400_000), ("31TDH", 32631, 399960, 4_800_000), ("31UFS", 32631, 600000, 5_700_000),
        ("56JMM", 32756, 399960, 6_700_000), ("35VLH", 32635, 300000, 6_800_040),
    ])
    func cornersAreThoseOfRealProducts(_ expected: (name: String, epsg: Int, west: Int, north: Int)) throws {
        let tile = try MGRSTile(expected.name)
        #expect(tile.epsg == expected.epsg)
        #expect(tile.west == expected.west)
        #expect(tile.north == expected.north)
    }

    @Test func theLeadingLetterAndLowerCaseAreFine() throws {
        #expect(try MGRSTile("T35VLH") == MGRSTile("35vlh"))
    }

    @Test(arguments: ["", "35VLHX", "61VLH", "35ILH", "35VAH", "35VLW", "tile"])
    func whatIsNoTileIsRefused(_ name: String) {
        let error = #expect(throws: PipelineError.self) { try MGRSTile(name) }
        #expect(error?.code == .configuration)
    }
}
