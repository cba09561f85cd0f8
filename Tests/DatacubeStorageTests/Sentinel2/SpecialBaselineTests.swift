import TestSupport
import Testing

@testable import DatacubeStorage

/// Baselines 99.xx mark special processings: they are no newer than others, and say nothing of their format.
@Suite struct SpecialBaselineTests {
    /// As much of a product as the rule looks at.
    private struct Described: Equatable {
        let name: ProductName
        let datastrip: String?

        init(_ baseline: String, _ discriminator: String, strip: String = "S20240611T095030") throws {
            name = try ProductName("S2A_MSIL1C_20240611T095031_N\(baseline)_R079_T35VLH_\(discriminator)")
            datastrip =
                "S2A_OPER_MSI_L1C_DS_2APS_\(discriminator)_\(strip)_N\(baseline.prefix(2)).\(baseline.suffix(2))"
        }
    }

    private static let (early, late) = ("20240611T103102", "20250101T000000")

    /// The one that stays, whichever comes first.
    private func winner(_ one: Described, _ other: Described) -> Described? {
        let results = [[one, other], [other, one]].map { products in
            ProductDuplicates.resolve(products, name: \.name, datastrip: \.datastrip)
        }
        for result in results { #expect(result.kept.count == 1 && result.superseded.count == 1) }
        #expect(results[0].kept == results[1].kept && results[0].superseded == results[1].superseded)
        return results[0].kept.first
    }

    @Test(arguments: ["0204", "0301", "0510", "9899"], ["9900", "9905", "9999"])
    func anyOtherBaselineComesBeforeThem(_ usual: String, _ special: String) throws {
        let expected = try Described(usual, Self.early)
        #expect(winner(expected, try Described(special, Self.late)) == expected)
    }

    @Test(arguments: [("9999", "9901"), ("9901", "9999"), ("9999", "9999")])
    func amongThemselvesTheLatestStays(_ earlier: String, _ later: String) throws {
        let expected = try Described(later, Self.late)
        #expect(winner(try Described(earlier, Self.early), expected) == expected)
    }

    @Test func ofOthersTheHighestStaysAndThenTheLatest() throws {
        let highest = try Described("0510", Self.early)
        #expect(winner(highest, try Described("0509", Self.late)) == highest)
        let latest = try Described("0510", Self.late)
        #expect(winner(highest, latest) == latest)
    }

    @Test func oneThatIsAloneStays() throws {
        let products = [try Described("9999", Self.early), try Described("0510", Self.late, strip: "S20240611T095200")]
        let result = ProductDuplicates.resolve(products, name: \.name, datastrip: \.datastrip)
        #expect(result.kept == products && result.superseded == [], "the other has data of another datastrip")
    }

    @Test func theyAreReadAndOrderedAsNumbers() throws {
        #expect(try ProductName("S2A_MSIL1C_20240611T095031_N9999_R079_T35VLH_20240611T103102").baseline == 9999)
        let baseline = try Baseline("99.99")
        #expect(baseline.description == "99.99" && baseline.code == "N9999")
        #expect(try baseline > Baseline("99.01") && Baseline("99.00") > Baseline("05.11"))
    }

    /// In a product that says 99.99 of itself; whatever ESA added to its DN, its metadata list it.
    @Test func offsetsAreThoseOfTheMetadata() async throws {
        let (text, path) = try await document()
        let special = text.replacing(">05.10</PROC", with: ">99.99</PROC").replacing("_N0510_", with: "_N9999_")
        #expect(special.contains("_N9999_") && special.contains(">99.99<"))
        #expect(try offsets(special, path) == [Int](repeating: -1000, count: 13))
        let others = special.replacing(/(<RADIO_ADD_OFFSET band_id="(\d+)">).*?</) { "\($0.1)-\($0.2)7<" }
        #expect(try offsets(others, path) == [-7, -17, -27, -37, -47, -57, -67, -77, -87, -97, -107, -117, -127])
    }

    /// The DN may be 1000 too high or may not be: nobody can tell, so nothing is guessed.
    @Test func withoutOffsetsTheyAreRefused() async throws {
        let (text, path) = try await document()
        let bare = text.replacing(">05.10</PROC", with: ">99.99</PROC")
            .replacing(/<RADIO_ADD_OFFSET.*?<\/RADIO_ADD_OFFSET>/, with: "")
        let error = #expect(throws: PipelineError.self) { try offsets(bare, path) }
        #expect(error?.code == .corrupt && error?.message.contains("which baseline 99.99 must give") == true)
    }

    @Test(arguments: [
        ("N9999", "05.10", -1000), ("N0301", "05.10", -1000), ("N9999", "03.01", 0), ("N0510", "03.01", 0),
    ])
    func theNameOfAProductDecidesNoOffset(_ code: String, _ baseline: String, _ offset: Int) async throws {
        try await withTemporaryDirectory { directory in
            let folder = directory + "/safe"
            try await SyntheticArchive.synthesize(dates: 1, baseline: baseline, below: folder)
            let made = try #require(try SyntheticArchive.products(below: folder).first)
            let name = made.name.identifier.replacing(try Baseline(baseline).code, with: code) + ".SAFE"
            let path = FileSystem.join(FileSystem.parent(of: made.path), name)
            try FileSystem.rename(made.path, to: path)
            let product = try DescribedProduct(SAFEProduct(path: path))
            #expect(product.product.name.baseline == Int(code.dropFirst()))
            #expect(product.metadata.radiometricOffsets == [Int](repeating: offset, count: 13))
        }
    }

    /// What enters the datacube of a date that was processed both ways.
    @Test func aDatacubeTakesThemOnlyWhereThereIsNoOther() async throws {
        try await withTemporaryDirectory { directory in
            let safe = directory + "/safe"
            try await SyntheticArchive.synthesize(dates: 2, baseline: "99.99", below: safe)
            try await SyntheticArchive.synthesize(dates: 2, baseline: "03.01", below: safe)
            let all = try SyntheticArchive.products(below: safe)
            let usual = try #require(all.last { $0.name.baseline == 301 })
            try FileSystem.remove(usual.path)
            #expect(try await Converter.zarr.run(from: safe, to: directory + "/zarr").finished == 2)
            let cube = try #require(try Cube.open(LocalStore(root: directory + "/zarr"), path: "35VLH/2024/20m"))
            #expect(cube.steps.map(\.processingBaseline) == ["03.01", "99.99"])
            #expect(cube.steps.map { Set($0.radiometricAddOffset) } == [[0], [-1000]])
        }
    }

    private func document() async throws -> (text: String, path: String) {
        let product = try #require(try await SyntheticArchive.products().first)
        return (String(decoding: try FileSystem.contents(of: product.productMetadataPath), as: UTF8.self), product.path)
    }

    private func offsets(_ text: String, _ path: String) throws -> [Int] {
        try ProductMetadata(Array(text.utf8), path: path).radiometricOffsets
    }
}
