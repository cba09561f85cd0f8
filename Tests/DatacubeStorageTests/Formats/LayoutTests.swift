import Testing

@testable import DatacubeStorage

@Suite struct LayoutTests {
    private let tileYear = TileYear(tile: "35VLH", year: 2024)
    private let name = "S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102"

    @Test func zarrGroups() throws {
        let layout = try DataFormat.zarr.cubeLayout()
        let place = try #require(try layout.cubes(of: tileYear, in: MemoryStore()))
        #expect(layout.level(of: tileYear) == "35VLH/2024" && !layout.isOneObject)
        #expect(place.path(of: .r20) == "35VLH/2024/20m")
        #expect(place.ancestors == ["", "35VLH", "35VLH/2024"])
    }

    @Test func geoTIFFs() throws {
        let product = try ProductName(name + ".SAFE")
        #expect(COGLayout.key(of: tileYear) == "35/V/LH/2024")
        #expect(COGLayout.key(of: product, .r60) == "35/V/LH/2024/6/\(name)/60m.tif")
    }

    @Test func onlyCompleteProductsAreListed() throws {
        try withTemporaryDirectory { directory in
            let product = try ProductName(name)
            let folder = "\(directory)/\(COGLayout.key(of: product))"
            #expect(try COGLayout.products(of: tileYear, in: LocalStore(root: directory)) == [])
            try FileSystem.createDirectories(folder)
            for file in COGLayout.fileNames {
                #expect(try COGLayout.products(of: tileYear, in: LocalStore(root: directory)) == [])
                try AtomicFile.write([0], to: "\(folder)/\(file)", durability: .deferred)
            }
            let month = FileSystem.parent(of: folder)
            try FileSystem.createDirectories(month + "/notes")
            try FileSystem.createDirectories(AtomicFile.temporaryName(for: folder))
            #expect(try COGLayout.products(of: tileYear, in: LocalStore(root: directory)) == [product])
        }
    }

    @Test func productsAreFoundAtAnyDepthByTileAndYear() throws {
        try withTemporaryDirectory { directory in
            let other = name.replacing("T35VLH", with: "T35VLG").replacing("2024", with: "2023")
            for path in ["Sentinel-2/MSI/L1C/2024/06/11/\(name)", "L1C_N0500/deeper/\(other)", ".hidden/\(name)"] {
                try FileSystem.createDirectories("\(directory)/\(path).SAFE/GRANULE/inner.SAFE")
            }
            let all = try ProductFolder(root: directory)
            #expect(all.refusals.isEmpty)
            #expect(
                all.products.mapValues { $0.map(\.name.identifier) } == [
                    tileYear: [name], .init(tile: "35VLG", year: 2023): [other],
                ]
            )
            for filter in [TileYearFilter(tiles: ["35VLH"]), .init(years: [2024])] {
                #expect(try ProductFolder(root: directory, filter: filter).products.keys.map(\.self) == [tileYear])
            }
        }
    }
}
