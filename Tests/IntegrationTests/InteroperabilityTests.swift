import Foundation
import Testing

/// Other libraries read what the tools write and find every value.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct InteroperabilityTests {
    @Test func gdalOpensTheProductsAndTheManifestsAreTrue() throws {
        let result = try Tool.check("check_safe.py", Archive.shared().safe)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.hasPrefix("\(Archive.dates) products, "))
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gdalinfo"), "gdalinfo is not here"))
    func theInstalledGDALListsTheResolutions() throws {
        let archive = try Archive.shared()
        let products = FileManager.default.enumerator(atPath: archive.safe)?.compactMap { $0 as? String } ?? []
        let metadata = try #require(products.first { $0.hasSuffix(".SAFE/MTD_MSIL1C.xml") })
        let result = try Tool.run("/usr/bin/gdalinfo", ["\(archive.safe)/\(metadata)"])
        #expect(result.status == 0)
        for resolution in ["10m", "20m", "60m"] {
            #expect(result.output.contains("MTD_MSIL1C.xml:\(resolution):EPSG_32635"))
        }
    }

    @Test func zarrPythonZarrsTensorstoreAndXarrayAgree() throws {
        let archive = try Archive.shared()
        let result = try Tool.check("check_zarr.py", archive.safe, "\(archive.path(.zarr))/\(Archive.tileYear)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.output == """
                10m: 12 dates, 4 bands, 4 readers
                20m: 12 dates, 6 bands, 4 readers
                60m: 12 dates, 3 bands, 4 readers

                """
        )
    }

    @Test func geoTIFFsAreValidAndEqual() throws {
        let archive = try Archive.shared()
        let result = try Tool.check("check_cog.py", archive.safe, archive.path(.cog))
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "12 products, 36 files\n")
    }

    /// The strict rule asks for reduced images, which are an option because patches never read them.
    @Test(arguments: ["zstd", "deflate"])
    func geoTIFFsWithOverviewsAreStrictlyValid(_ compression: String) throws {
        try Workspace.with { workspace in
            let archive = try Archive.shared()
            let made = try Tool.run(
                "safe2cog",
                ["--overviews", "--compression", compression],
                workspace.variables(safe: archive.safe)
            )
            #expect(made.status == 0, "\(made.errors)")
            let result = try Tool.check("check_cog.py", archive.safe, workspace.path(.cog), "--strict")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "12 products, 36 files\n")
        }
    }
}
