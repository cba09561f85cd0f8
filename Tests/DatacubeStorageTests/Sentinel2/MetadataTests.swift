import DatacubeStorage
import Foundation
import Glibc
import Testing

private let unzip = "/usr/bin/unzip"

@Suite struct ProductNameTests {
    @Test func parts() throws {
        let name = try ProductName("S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102.SAFE")
        #expect(name.identifier == "S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH_20240611T103102")
        #expect(name.platform == "S2A" && name.tile == "35VLH" && name.year == 2024 && name.month == 6)
        #expect(name.baseline == 510 && name.relativeOrbit == 79)
    }

    @Test(arguments: [
        "S2A_OPER_PRD_MSIL1C_PDMC_20161122T201622_R051_V20161122T105332_20161122T105332.SAFE",
        "S2A_MSIL2A_20240611T095031_N0510_R079_T35VLH_20240611T103102.SAFE",
        "S2A_MSIL1C_20240611T09503_N0510_R079_T35VLH_20240611T103102.SAFE",
        "S2A_MSIL1C_20240611T095031_N0510_R079_T3VLH_20240611T103102.SAFE",
        "S2A_MSIL1C_20240611T095031_N0510_R079_T35VLH.SAFE", "notes.SAFE", ".SAFE", "",
    ])
    func othersAreRefused(_ name: String) {
        #expect { try ProductName(name) } throws: { ($0 as? PipelineError)?.code == .unsupported }
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("2024-02-29T23:59:59.999Z", 1_709_251_199_999),
        ("2023-02-16T04:55:06.266543Z", 1_676_523_306_266), ("2015-12-23T10:54:52.030Z", 1_450_868_092_030),
        ("1969-12-31T23:59:59.5Z", -500),
    ])
    func reads(_ text: String, _ milliseconds: Int64) {
        #expect(Timestamp(iso8601: text)?.milliseconds == milliseconds)
    }

    @Test func printsWhatItReads() {
        for text in ["2024-02-29T23:59:59.999Z", "1969-12-31T23:59:59.500Z", "2000-03-01T00:00:00.000Z"] {
            #expect(Timestamp(iso8601: text)?.description == text)
        }
    }

    @Test(arguments: [
        "", "2024-02-29", "2024-13-01T00:00:00Z", "2024-01-01T25:00:00Z", "2024-01-01T00:00:00.Z", "null",
    ])
    func refuses(_ text: String) { #expect(Timestamp(iso8601: text) == nil) }
}

/// Values as published in the survey of public fixtures, or read off the files by hand.
@Suite(.enabled(if: Fixtures.exist, "the real Sentinel-2 files are not here"))
struct MetadataTests {
    @Test(arguments: [
        ("N0201/S2A_MSIL1C_20151223T105452_N0201_R051_T31UFS_20151223T105449", "02.01", 0, 1_450_868_092_030 as Int64),
        ("N0206/S2A_MSIL1C_20171023T105111_N0206_R051_T31UFS_20171023T131219", "02.06", 0, 1_508_755_871_026),
        ("N0301/S2A_MSIL1C_20210701T104021_N0301_R008_T31UFS_20210701T124711", "03.01", 0, 1_625_136_021_025),
        ("N0400/S2A_MSIL1C_20220127T104321_N0400_R008_T31UFS_20220127T142037", "04.00", -1000, 1_643_280_201_024),
    ])
    func baselines(_ folder: String, _ baseline: String, _ offset: Int, _ start: Int64) throws {
        let metadata = try ProductMetadata(file: Fixtures.path("metadata/\(folder).SAFE/MTD_MSIL1C.xml"))
        #expect(metadata.processingBaseline == baseline)
        #expect(metadata.radiometricOffsets == [Int](repeating: offset, count: 13))
        #expect(metadata.startTime.milliseconds == start)
        #expect(metadata.quantificationValue == 10000)
        #expect(metadata.platform == "Sentinel-2A" && metadata.orbitDirection == "DESCENDING")
        // The oldest of them lists no spectral information.
        #expect(metadata.wavelengths.count == (baseline == "02.01" ? 0 : 13))
    }

    @Test(.enabled(if: access(unzip, X_OK) == 0, "unzip is not here"))
    func baselineOf2023InAnArchive() throws {
        try withTemporaryDirectory { directory in
            let name = "S2A_MSIL1C_20230216T044851_N0509_R076_T46UEU_20230216T000000.SAFE.zip"
            let process = Process()
            process.executableURL = URL(filePath: unzip)
            process.arguments = [
                "-q", "-j", Fixtures.path("safe/\(name)"), "*/MTD_MSIL1C.xml", "*/MTD_TL.xml", "-d", directory,
            ]
            try process.run()
            process.waitUntilExit()
            let metadata = try ProductMetadata(file: directory + "/MTD_MSIL1C.xml")
            #expect(
                metadata.processingBaseline == "05.09"
                    && metadata.radiometricOffsets == [Int](repeating: -1000, count: 13)
            )
            #expect(metadata.startTime.description == "2023-02-16T04:48:51.024Z" && metadata.absoluteOrbit == 39970)
            let tile = try TileMetadata(file: directory + "/MTD_TL.xml")
            #expect(tile.epsgCode == 32646 && tile.grids[.r10]?.left == 499_980 && tile.meanViewAngles.count == 13)
            #expect(tile.sensingTime > metadata.startTime)
        }
    }

    @Test func productAndGranuleTimesDiffer() throws {
        let safe = "safe/S2A_MSIL1C_20180101T105441_N0206_R051_T31TDH_20180101T124911.SAFE"
        let metadata = try ProductMetadata(file: Fixtures.path("\(safe)/MTD_MSIL1C.xml"))
        let tile = try TileMetadata(
            file: Fixtures.path("\(safe)/GRANULE/L1C_T31TDH_A013204_20180101T105435/MTD_TL.xml")
        )
        #expect(metadata.startTime.description == "2018-01-01T10:54:41.026Z")
        #expect(tile.sensingTime.description == "2018-01-01T10:54:35.457Z")
        #expect(metadata.cloudCover == 11.9204 && metadata.relativeOrbit == 51 && metadata.absoluteOrbit == 13204)
        #expect(tile.epsgCode == 32631)
        #expect(tile.grids[.r60] == PixelGrid(width: 1830, height: 1830, left: 399_960, top: 4_800_000, metres: 60))
        #expect(tile.meanViewAngles.count == 13 && tile.meanSunAngles.zenith > 60)
    }

    @Test func inventoryOfACompleteProduct() throws {
        let product = try SAFEProduct(path: Fixtures.path(Fixtures.completeSAFE))
        let inventory = try product.inventory()
        for band in Band.allCases { #expect(inventory.path(of: band).hasSuffix("_\(band.name).jp2")) }
        #expect(try DescribedProduct(product).metadata.productURI == product.name.identifier + ".SAFE")
    }

    @Test func anIncompleteProductNamesWhatItLacks() throws {
        let path = Fixtures.path("safe/S2A_MSIL1C_20180101T105441_N0206_R051_T31TDH_20180101T124911.SAFE")
        #expect { try SAFEProduct(path: path).inventory() } throws: {
            "\($0)".contains("lacks B02 B03 B04 B05 B06 B07 B08 B8A B09 B10 B11 B12 in IMG_DATA")
        }
    }
}
