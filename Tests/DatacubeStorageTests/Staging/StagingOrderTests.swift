import Synchronization
import Testing

@testable import DatacubeStorage

/// What declares data complete is staged after the data.
@Suite struct StagingOrderTests {
    private static let product = "S2A_MSIL1C_20240221T095029_N0510_R079_T35VLH_20240221T115155"

    @Test func filesGoFromDataToDeclarations() async throws {
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
            let settings = StagingJob.Settings(trees: [tree], options: RunOptions(jobs: 1))
            let plan = try await StagingWork(settings, locks: nil, on: BlockingExecutor(width: 1))
            #expect(plan.portions(bytes: 1).map(\.files.count) == [3, 4], "the groups above, a resolution")
            #expect(plan.portions(bytes: 1 << 20).map(\.files.count) == [7])
            let arrival = FileArrival(plan.missing.map(\.file))
            let batches = arrival.batches(bytes: 1 << 20).map { $0.map { $0.source.dropFirst(directory.count + 1) } }
            #expect(
                batches == [
                    [
                        "35VLH/2024/zarr.json", "35VLH/zarr.json", "zarr.json",
                        "35VLH/2024/10m/data/c/0/0/0/0", "35VLH/2024/10m/data/c/0/0/0/1",
                        "35VLH/2024/10m/data/zarr.json", "35VLH/2024/10m/zarr.json",
                    ]
                ]
            )
            #expect(FileArrival(plan.missing.map(\.file), batchFiles: 1).batches(bytes: 1 << 20).count == paths.count)
            #expect(arrival.batches(bytes: 5).count == paths.count)
        }
    }

    @Test func aBatchBeginsOnlyIfItWillBeDoneInTime() throws {
        let now = Mutex(1000.0)
        let deadline = StagingDeadline(1025, total: 1000) { now.withLock { $0 } }
        try deadline.begin(1, bytes: 100)
        now.withLock { $0 += 10 }
        // 100 bytes took 10 seconds: 100 more fit into the 15 that are left, 800 do not.
        try deadline.begin(2, bytes: 100)
        let error = #expect(throws: PipelineError.self) { try deadline.begin(1, bytes: 800) }
        #expect(error?.code == .outOfTime)
        #expect(error?.message.contains("3 files, 200 B are staged, 800 B are left") == true)
    }

    /// By tile and year in the order asked for, then by format, then by resolution or product.
    @Test func unitsComeInTheOrderAskedFor() {
        let filter = TileYearFilter(tiles: ["35VMH", "35VLH"], years: [2024, 2023])
        let ordered: [(String, Int, DataFormat)] = [
            ("35VLH/2024/zarr.json", 1, .zarr),
            ("35VMH/2024/10m/data/c/0/0/0/0", 1, .zarr), ("35VMH/2023/10m/data/c/0/0/0/0", 1, .zarr),
            ("35/V/LH/2024/2/\(Self.product)/10m.tif", 0, .cog),
            ("35VLH/2024/10m/data/c/0/0/0/0", 1, .zarr), ("35VLH/2024/20m/zarr.json", 1, .zarr),
            ("Sentinel-2/MSI/\(Self.product).SAFE/manifest.safe", 2, .safe), ("notes.txt", 1, .zarr),
        ]
        let units = ordered.map { StagingUnit(of: $0.0, tree: $0.1, format: $0.2, filter: filter) }
        #expect(zip(units, units.dropFirst()).allSatisfy { $0 < $1 })
        let beside = StagingUnit(
            of: "Sentinel-2/MSI/\(Self.product).SAFE.tileparts.json",
            tree: 2,
            format: .safe,
            filter: filter
        )
        #expect(beside == units[6])
        // The groups above the cubes, with which each of them can be found as soon as it is there.
        for path in ["zarr.json", "35VLH/zarr.json"] {
            #expect(StagingUnit(of: path, tree: 1, format: .zarr, filter: filter) == units[0])
        }
    }

    @Test(arguments: [
        ("Sentinel-2/\(product).SAFE/MTD_MSIL1C.xml", DataFormat.safe),
        ("Sentinel-2/\(product).SAFE/manifest.safe", .safe),
        ("35/V/LH/2024/6/a/MTD_MSIL1C.xml", .cog),
    ])
    func theMetadataOfAProductComeLast(_ path: String, _ format: DataFormat) {
        let data =
            format == .safe
            ? "Sentinel-2/\(Self.product).SAFE/GRANULE/b/IMG_DATA/c_B02.jp2" : "35/V/LH/2024/6/a/10m.tif"
        #expect(format.rank(of: path) > format.rank(of: data))
    }
}
