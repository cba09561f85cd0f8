import Testing

@testable import DatacubeStorage

/// What is said of a store that is not one of ours.
@Suite struct CubeSurveyTests {
    private let tileYear = TileYear(tile: "35VLH", year: 2024)

    @Test func aStoreOfTheReferenceIsDescribed() throws {
        let store = MemoryStore()
        // Pixels with text as time, band names and numbers of rows and columns.
        let data = ArrayMetadata(
            shape: [1, 4, 9, 9],
            chunkShape: [1, 4, 9, 9],
            dataType: .uint16,
            fillValue: 0,
            codecs: [.bytes]
        )
        let axis = ArrayMetadata(
            shape: [9],
            chunkShape: [9],
            dataType: .int64,
            fillValue: .integer(0),
            codecs: [.bytes]
        )
        let arrays = ["data": data, "x": axis, "y": axis]
        try ZarrGroup.commit(store: store, path: "35VLH/2024/10m", attributes: ["crs": "EPSG:32635"], arrays: arrays)
        let error = #expect(throws: PipelineError.self) { try Cube.open(store, path: "35VLH/2024/10m") }
        #expect(error?.code == .unsupported)
        for word in ["35VLH/2024/10m", "the arrays data, x, y", "without ", "product_id", "none that safe2zarr wrote"] {
            #expect(error?.message.contains(word) == true || word == "product_id", "\(error as Any)")
        }
    }

    @Test(arguments: [
        ([".zgroup", "temperature/.zarray"], "Zarr version 2, which is not read here: .zgroup, temperature"),
        (["zarr.json", "temperature/zarr.json"], "holds temperature"),
        (["35VLH/2023/10m/zarr.json"], "35VLH holds 2023"),
        (["35VLH/2024/20m/zarr.json"], "35VLH/2024 holds 20m"), ([], "is empty; run safe2zarr first"),
    ])
    func whatIsThereInsteadIsTold(_ keys: [String], _ words: String) throws {
        let store = MemoryStore()
        for key in keys { try store.put(key, Array("{}".utf8), durability: .deferred) }
        let error = try CubeSurvey.absent(CubePlace(store: store, path: "\(tileYear)"), resolution: .r10)
        #expect(error.code == .notFound && error.message.contains(words), "\(error)")
        #expect(error.message.contains("35VLH/2024/10m holds no complete datacube"))
    }
}
