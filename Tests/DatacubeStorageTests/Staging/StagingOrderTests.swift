import Testing

@testable import DatacubeStorage

/// What declares data complete is staged after the data.
@Suite struct StagingOrderTests {
    @Test func batchesGoFromDataToDeclarations() async throws {
        try await withTemporaryDirectory { directory in
            let paths = [
                "35VLH/zarr.json", "35VLH/2024/zarr.json", "35VLH/2024/10m/zarr.json", "35VLH/2024/10m/data/zarr.json",
                "35VLH/2024/10m/data/c/0/0/0/0", "35VLH/2024/10m/data/c/0/0/0/1", "zarr.json",
            ]
            for path in paths {
                try FileSystem.createDirectories(FileSystem.parent(of: "\(directory)/\(path)"))
                try AtomicFile.write([1, 2, 3], to: "\(directory)/\(path)")
            }
            let tree = StagingJob.Tree(format: .zarr, source: .folder(directory), target: directory + "-staged")
            let settings = StagingJob.Settings(trees: [tree], jobs: 1)
            let plan = try await StagingPlan(settings, on: BlockingExecutor(width: 1))
            let arrival = FileArrival(plan.missing)
            let batches = arrival.batches(files: 100, bytes: 1 << 20).map {
                $0.map { $0.source.dropFirst(directory.count + 1) }
            }
            #expect(
                batches == [
                    ["35VLH/2024/10m/data/c/0/0/0/0", "35VLH/2024/10m/data/c/0/0/0/1"],
                    ["35VLH/2024/10m/data/zarr.json"],
                    ["35VLH/2024/10m/zarr.json"], ["35VLH/2024/zarr.json"], ["35VLH/zarr.json"], ["zarr.json"],
                ]
            )
            #expect(arrival.batches(files: 1, bytes: 1 << 20).count == paths.count)
            #expect(arrival.batches(files: 100, bytes: 5).count == paths.count)
        }
    }

    @Test(arguments: [
        ("Sentinel-2/a.SAFE/MTD_MSIL1C.xml", DataFormat.safe), ("Sentinel-2/a.SAFE/manifest.safe", .safe),
        ("35/V/LH/2024/6/a/MTD_MSIL1C.xml", .cog),
    ])
    func theMetadataOfAProductComeLast(_ path: String, _ format: DataFormat) {
        let data = format == .safe ? "Sentinel-2/a.SAFE/GRANULE/b/IMG_DATA/c_B02.jp2" : "35/V/LH/2024/6/a/10m.tif"
        #expect(TreeSelection.rank(path, of: format) > TreeSelection.rank(data, of: format))
    }
}
