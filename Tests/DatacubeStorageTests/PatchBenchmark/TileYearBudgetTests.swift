import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct TileYearBudgetTests {
    private static let product = "S2A_MSIL1C_20240221T095029_N0510_R079_T35VLH_20240221T115155"
    private static let earlier = product.replacing("_20240221", with: "_20230221")
    private static let tileYear = SyntheticArchive.tileYear

    @Test(arguments: DataFormat.allCases)
    func allFilesOfATileYearCount(_ format: DataFormat) async throws {
        try await withTemporaryDirectory { directory in
            _ = try await BenchmarkArchive.selection(below: directory)
            let tree = try FileTree("\(directory)/\(format)")
            // The groups above all cubes of the store and of the tile are nobody's own.
            let own = tree.files.filter { !["/zarr.json", "/35VLH/zarr.json"].contains($0) }
            let budget = try await measure(format, LocalStore(root: "\(directory)/\(format)"))
            #expect(budget.files == own.count && budget.files > 0)
            #expect(budget.bytes == own.reduce(0) { $0 + (tree.statuses[$1]?.size ?? 0) })
        }
    }

    /// What lies in other places, and the places that alone are looked at where the format has them.
    @Test(arguments: [
        (
            DataFormat.safe, ["a/\(product).SAFE/manifest.safe", "a/\(product).SAFE.tileparts.json"],
            ["a/\(earlier).SAFE/manifest.safe", "a/\(product.replacing("35VLH", with: "35VMH")).SAFE/manifest.safe"], ""
        ),
        (
            .cog, ["35/V/LH/2024/2/\(product)/10m.tif", "35/V/LH/2024/2/\(product)/checksums.md5"],
            ["35/V/LH/2023/2/\(earlier)/10m.tif", "35/V/MH/2024/2/x/10m.tif"], "35/V/LH/2024/"
        ),
        (
            .zarr, ["35VLH/2024/zarr.json", "35VLH/2024/10m/data/checksums.md5", "35VLH/2024/10m/data/c/0/0/0/0"],
            ["zarr.json", "35VLH/zarr.json", "35VLH/2023/zarr.json", "35VLH/20240/zarr.json"], "35VLH/2024/"
        ),
        (
            .shardzarr, ["35VLH/2024/60m/zarr.json"], ["35VMH/2024/60m/zarr.json", "zarr.json"], "35VLH/2024/"
        ),
        (.zipzarr, ["35VLH/2024.zip"], ["35VLH/2023.zip", "35VLH/2024.zip.part"], "35VLH/2024.zip"),
    ])
    func nothingElseCounts(_ format: DataFormat, own: [String], others: [String], prefix: String) async throws {
        let store = MemoryStore()
        for key in own { try store.put(key, [1, 2, 3], durability: .deferred) }
        for key in others { try store.put(key, [1], durability: .deferred) }
        #expect(try await measure(format, store) == TileYearBudget(files: own.count, bytes: 3 * own.count))
        #expect(try format.layout.prefixes(of: Self.tileYear, in: store) == [prefix])
    }

    @Test(arguments: DataFormat.allCases)
    func whereNothingIsNothingCounts(_ format: DataFormat) async throws {
        #expect(try await measure(format, MemoryStore()) == TileYearBudget(files: 0, bytes: 0))
    }

    @Test func theTighterLimitSaysHowManyFit() {
        let one = TileYearBudget(files: 9500, bytes: 128 << 30)
        #expect(StorageQuota(files: 500_000).tileYears(of: one) == 52)
        #expect(StorageQuota(bytes: 10 << 40).tileYears(of: one) == 80)
        #expect(StorageQuota(files: 500_000, bytes: 250 << 30).tileYears(of: one) == 1)
        #expect(StorageQuota(files: 9499).tileYears(of: one) == 0)
        #expect(StorageQuota().tileYears(of: one) == nil)
        #expect(StorageQuota(files: 7).tileYears(of: TileYearBudget(files: 0, bytes: 0)) == nil)
    }

    private func measure(_ format: DataFormat, _ store: any ObjectStore) async throws -> TileYearBudget {
        try await TileYearBudget.measure(
            of: format,
            in: store,
            tileYear: Self.tileYear,
            on: BlockingExecutor(width: 1)
        )
    }
}
