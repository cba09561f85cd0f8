import Testing

@testable import DatacubeStorage

/// What the product specification requires is there or the product is refused by name; what only informs may be absent.
@Suite struct RequiredMetadataTests {
    /// What is done to the product's document, and what the error has to name.
    struct Change: Sendable, CustomTestStringConvertible {
        let pattern: @Sendable (String) -> String
        let words: [String]
        let testDescription: String

        init(_ name: String, _ words: String..., change: @escaping @Sendable (String) -> String) {
            (testDescription, self.words, pattern) = (name, words, change)
        }
    }

    @Test(arguments: [
        Change(
            "no offsets",
            "RADIO_ADD_OFFSET of B01 B02 B03 B04 B05 B06 B07 B08 B8A B09 B10 B11 B12",
            "baseline 05.10"
        ) {
            $0.replacing(/<RADIO_ADD_OFFSET.*?<\/RADIO_ADD_OFFSET>/, with: "")
        },
        Change("two bands without offset", "RADIO_ADD_OFFSET of B04 B8A,") {
            $0.replacing(/<RADIO_ADD_OFFSET band_id="(3|8)">.*?<\/RADIO_ADD_OFFSET>/, with: "")
        },
        Change("a band with two offsets", "RADIO_ADD_OFFSET of one band twice") {
            $0.replacing("<RADIO_ADD_OFFSET band_id=\"3\">", with: "<RADIO_ADD_OFFSET band_id=\"4\">")
        },
        Change("no quantification", "QUANTIFICATION_VALUE") {
            $0.replacing(/<QUANTIFICATION_VALUE.*?<\/QUANTIFICATION_VALUE>/, with: "")
        },
        Change("a quantification of 0", "QUANTIFICATION_VALUE") { $0.replacing(">10000</QUANT", with: ">0</QUANT") },
        Change("another nodata", "NODATA is 1") {
            $0.replacing("<SPECIAL_VALUE_INDEX>0<", with: "<SPECIAL_VALUE_INDEX>1<")
        },
        Change("another saturation", "SATURATED is 32767") {
            $0.replacing("<SPECIAL_VALUE_INDEX>65535<", with: "<SPECIAL_VALUE_INDEX>32767<")
        },
        Change("no baseline", "PROCESSING_BASELINE") { $0.replacing(">05.10</PROC", with: "></PROC") },
        Change("a baseline that is none", "PROCESSING_BASELINE") { $0.replacing(">05.10</PROC", with: ">5</PROC") },
        Change("no start", "PRODUCT_START_TIME") {
            $0.replacing(/<PRODUCT_START_TIME>.*?</, with: "<PRODUCT_START_TIME><")
        },
        Change("no datastrip", "datastripIdentifier") { $0.replacing("datastripIdentifier=", with: "other=") },
        Change("an orbit that is none", "SENSING_ORBIT_NUMBER") {
            $0.replacing(/<SENSING_ORBIT_NUMBER>.*?</, with: "<SENSING_ORBIT_NUMBER>144<")
        },
    ])
    func aProductWithoutItIsRefused(_ change: Change) async throws {
        let (text, path) = try await document()
        let changed = change.pattern(text)
        #expect(changed != text)
        let error = #expect(throws: PipelineError.self) { try ProductMetadata(Array(changed.utf8), path: path) }
        for word in change.words + [path] { #expect(error?.message.contains(word) == true, "\(word): \(error as Any)") }
    }

    @Test func offsetsOfAnOlderProductAreTakenAsTheyStand() async throws {
        let (text, path) = try await document()
        let older = text.replacing(">05.10</PROC", with: ">03.01</PROC")
        #expect(
            try ProductMetadata(Array(older.utf8), path: path).radiometricOffsets == .init(repeating: -1000, count: 13)
        )
        let bare = older.replacing(/<RADIO_ADD_OFFSET.*?<\/RADIO_ADD_OFFSET>/, with: "")
        #expect(try ProductMetadata(Array(bare.utf8), path: path).radiometricOffsets == .init(repeating: 0, count: 13))
        let partial = older.replacing(/<RADIO_ADD_OFFSET band_id="3">.*?<\/RADIO_ADD_OFFSET>/, with: "")
        #expect(throws: PipelineError.self) { try ProductMetadata(Array(partial.utf8), path: path) }
    }

    @Test(arguments: ["NaN", "", "unknown", "inf"])
    func whatOnlyInformsMayBeUnknown(_ text: String) async throws {
        let (document, path) = try await document()
        let clouds = document.replacing(/<Cloud_Coverage_Assessment>.*?</, with: "<Cloud_Coverage_Assessment>\(text)<")
        #expect(clouds != document)
        #expect(try ProductMetadata(Array(clouds.utf8), path: path).cloudCover.isNaN)
        let waves = document.replacing(
            /<CENTRAL unit="nm">.*?</,
            with: "<CENTRAL unit=\"nm\">\(text)<",
            maxReplacements: 1
        )
        #expect(waves != document)
        #expect(try ProductMetadata(Array(waves.utf8), path: path).wavelengths.count == 12)
        let (tile, tilePath) = try await self.document(ofTile: true)
        let angles = tile.replacing(/<ZENITH_ANGLE unit="deg">.*?</, with: "<ZENITH_ANGLE unit=\"deg\">\(text)<")
        #expect(angles != tile)
        let metadata = try TileMetadata(Array(angles.utf8), path: tilePath)
        #expect(metadata.meanSunAngles.zenith.isNaN && !metadata.meanSunAngles.azimuth.isNaN)
        #expect(metadata.meanViewAngles.count == 13 && metadata.meanViewAngles.values.allSatisfy(\.zenith.isNaN))
    }

    @Test func elementsThatOnlyInformMayBeAbsent() async throws {
        let (tile, path) = try await document(ofTile: true)
        let bare = tile.replacing("Mean_Sun_Angle", with: "Other").replacing(
            "Mean_Viewing_Incidence_Angle",
            with: "Other"
        )
        let metadata = try TileMetadata(Array(bare.utf8), path: path)
        #expect(metadata.meanSunAngles.zenith.isNaN && metadata.meanViewAngles.isEmpty)
        let (product, productPath) = try await document()
        let without = product.replacing("Cloud_Coverage_Assessment", with: "Other")
            .replacing("Spectral_Information", with: "Other")
        let read = try ProductMetadata(Array(without.utf8), path: productPath)
        #expect(read.cloudCover.isNaN && read.wavelengths.isEmpty)
    }

    @Test(arguments: [
        Change("another easting", "different ground", "10m easting 300000", "20m easting 300020") {
            $0.replacing(/(<Geoposition resolution="20">\s*<ULX>)\d+/) { "\($0.1)300020" }
        },
        Change("another northing", "different ground") {
            $0.replacing(/(<Geoposition resolution="60">\s*<ULX>\d+<\/ULX>\s*<ULY>)\d+/) { "\($0.1)6800100" }
        },
        Change("a row more", "different ground") { $0.replacing("<NROWS>96<", with: "<NROWS>97<") },
        Change("pixels of another size", "XDIM and YDIM at 20 m") { $0.replacing("<XDIM>20<", with: "<XDIM>10<") },
        Change("half a metre", "whole metre") { $0.replacing(/<ULX>\d+</, with: "<ULX>300000.5<") },
        Change("beyond any zone", "whole metre") { $0.replacing(/<ULX>\d+</, with: "<ULX>1e300<") },
        Change("no number", "ULY") { $0.replacing(/<ULY>\d+</, with: "<ULY>nan<") },
        Change("no pixel", "NCOLS") { $0.replacing(/<NCOLS>\d+</, with: "<NCOLS>0<") },
        Change("too many pixels", "NCOLS") { $0.replacing(/<NCOLS>\d+</, with: "<NCOLS>9223372036854775807<") },
        Change("a side of 200 km", "200000 x 192 pixels") { $0.replacing("<NCOLS>192<", with: "<NCOLS>200000<") },
        Change("no geocoding at 60 m", "geocoding of 60 m") {
            $0.replacing("Geoposition resolution=\"60\"", with: "Geoposition resolution=\"30\"")
        },
        Change("no zone", "HORIZONTAL_CS_CODE") { $0.replacing(">EPSG:32635<", with: ">32635<") },
        Change("no sensing time", "SENSING_TIME") { $0.replacing("SENSING_TIME", with: "OTHER_TIME") },
    ])
    func aGridThatMakesNoSenseIsRefused(_ change: Change) async throws {
        let (text, path) = try await document(ofTile: true)
        let changed = change.pattern(text)
        #expect(changed != text)
        let error = #expect(throws: PipelineError.self) { try TileMetadata(Array(changed.utf8), path: path) }
        for word in change.words + [path] { #expect(error?.message.contains(word) == true, "\(word): \(error as Any)") }
    }

    private func document(ofTile: Bool = false) async throws -> (text: String, path: String) {
        let product = try #require(try await SyntheticArchive.products().first)
        let path = ofTile ? try product.inventory().tileMetadataPath : product.productMetadataPath
        return (String(decoding: try FileSystem.contents(of: path), as: UTF8.self), path)
    }
}
