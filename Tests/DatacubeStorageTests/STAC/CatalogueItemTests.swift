import DatacubeStorage
import Testing

@Suite struct CatalogueItemTests {
    private static let name = "S2A_MSIL1C_20240116T000741_N0510_R130_T51CVP_20240116T010505"

    @Test(.enabled(if: Fixtures.exist)) func aRealItemOfV1() throws {
        let path = Fixtures.path("stac/item_v1_sentinel-2-l1c.json")
        let item = try STACItem(JSONValue(parsing: FileSystem.contents(of: path), named: path))
        #expect(item.name.identifier == Self.name)
        #expect("\(item.time)" == "2024-01-16T00:07:41.024Z")
        #expect("\(item.location)" == "s3://eodata/Sentinel-2/MSI/L1C/2024/01/16/\(Self.name).SAFE")
        #expect(item.datastrip == "S2A_OPER_MSI_L1C_DS_2APS_20240116T010505_S20240116T000743_N05.10")
    }

    @Test(.enabled(if: Fixtures.exist), arguments: ["0.10", "0.9.12"]) func realPages(_ version: String) throws {
        let path = Fixtures.path("stac/search_page_pgstac-\(version).json")
        let page = try JSONValue(parsing: FileSystem.contents(of: path), named: path)
        let items = try #require(page["features"]?.arrayValue).map { try STACItem($0) }
        #expect(items.count == 2)
        #expect(items.allSatisfy { $0.name.tile == "35VLH" && $0.location.key.hasSuffix("\($0.name.identifier).SAFE") })
    }

    private func item(assets: JSONValue, links: JSONValue = []) throws -> STACItem {
        try STACItem([
            "id": .string(Self.name + ".SAFE"),
            "properties": ["datetime": "2024-01-16T00:07:41.024Z", "datastripidentifier": "D"],
            "assets": assets, "links": links,
        ])
    }

    @Test func placesOfOlderItems() throws {
        let folder = "eodata/Sentinel-2/MSI/L1C_N0500/2024/01/16/x.SAFE"
        let legacy: JSONValue = [
            "PRODUCT": [
                "href": "https://h/odata/v1/Products(1)/$value", "alternate": ["s3": ["href": .string("/" + folder)]],
            ]
        ]
        let alternate: JSONValue = [
            "B01": ["href": "https://h/x.SAFE/B01", "alternate": ["s3": ["href": .string("s3://\(folder)/a/B01.jp2")]]]
        ]
        for assets in [legacy, alternate] { #expect("\(try item(assets: assets).location)" == "s3://" + folder) }
        #expect(try item(assets: legacy).datastrip == "D")
        #expect(
            try item(assets: legacy, links: [["rel": "enclosure", "href": "s3://b/c.SAFE/"]]).location.key == "c.SAFE"
        )
    }

    @Test(arguments: ["https://h/x.SAFE", "s3://b/../x.SAFE/y", "s3:///x.SAFE/", "s3://b/x", "s3://b/a//x.SAFE"])
    func otherPlacesAreRefused(_ reference: String) throws {
        #expect { try item(assets: ["B01": ["href": .string(reference)]]) } throws: { "\($0)".contains(Self.name) }
    }
}
