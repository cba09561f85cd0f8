import Testing

@testable import DatacubeStorage

@Suite struct COGRoundTripTests {
    @Test func everyValueIsThatOfTheBandFile() async throws {
        try await withTemporaryDirectory { directory in
            let products = try await SyntheticArchive.link([0, 5, 11], below: directory + "/safe")
            let outcome = try await Converter.cog.run(from: directory + "/safe", to: directory + "/cog")
            #expect(outcome == JobOutcome(finished: products.count))
            for product in products {
                for resolution in Resolution.allCases {
                    let stacked = try pixels("\(directory)/cog/\(COGLayout.key(of: product.name, resolution))")
                    let expected = try resolution.bands.flatMap { try product.pixels($0) }
                    #expect(stacked == expected, "\(product.name.identifier) \(resolution.name)")
                    #expect(Set(expected).count > 100, "a plain picture proves nothing")
                }
            }
        }
    }

    @Test func theMetadataFilesLieBeside() async throws {
        try await withTemporaryDirectory { directory in
            let product = try #require(try await SyntheticArchive.link([3], below: directory + "/safe").first)
            _ = try await Converter.cog.run(from: directory + "/safe", to: directory + "/cog")
            let folder = "\(directory)/cog/\(COGLayout.key(of: product.name))"
            #expect(folder.hasPrefix(directory + "/cog/35/V/LH/2024/"))
            #expect(
                try FileSystem.list(folder) == [
                    "10m.tif", "20m.tif", "60m.tif", "MTD_MSIL1C.xml", "MTD_TL.xml", "checksums.md5",
                ]
            )
            let inventory = try product.inventory()
            for (path, name) in [
                (inventory.productMetadataPath, "MTD_MSIL1C.xml"), (inventory.tileMetadataPath, "MTD_TL.xml"),
            ] {
                #expect(try FileSystem.contents(of: path) == FileSystem.contents(of: "\(folder)/\(name)"))
            }
        }
    }

    /// 05.10 adds 1000 to every DN, 03.01 does not.
    @Test(arguments: [("05.10", -0.1), ("03.01", 0)])
    func bandsAreDescribed(_ expected: (baseline: String, offset: Double)) async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.synthesize(dates: 1, baseline: expected.baseline, below: directory + "/safe")
            _ = try await Converter.cog.run(from: directory + "/safe", to: directory + "/cog")
            let product = try #require(try SyntheticArchive.products(below: directory + "/safe").first)
            for resolution in Resolution.allCases {
                let file = "\(directory)/cog/\(COGLayout.key(of: product.name, resolution))"
                let tags = try TIFFTags(file)
                #expect(tags.text(TIFFTags.noData) == "0")
                #expect(tags.items("description") == resolution.bands.map(\.name))
                #expect(tags.items("scale").map(Double.init) == resolution.bands.map { _ in 0.0001 })
                #expect(tags.items("offset").map(Double.init) == resolution.bands.map { _ in expected.offset })
                let metadata = try #require(tags.text(TIFFTags.gdalMetadata))
                #expect(metadata.contains("<Item name=\"PROCESSING_BASELINE\">\(expected.baseline)<"))
            }
        }
    }

    private func pixels(_ path: String) throws -> [UInt16] {
        let dataset = try GDALDataset(reading: path)
        let window = PixelWindow(x: 0, y: 0, width: dataset.width, height: dataset.height)
        var pixels = [UInt16](repeating: 1, count: window.pixelCount * dataset.bandCount)
        try pixels.withUnsafeMutableBufferPointer { try dataset.readAllBands(window: window, into: $0) }
        return pixels
    }
}

/// The text tags of a small GeoTIFF's first directory, read independently of GDAL.
private struct TIFFTags {
    static let gdalMetadata = 42112
    static let noData = 42113

    private var texts: [Int: String] = [:]

    init(_ path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        func short(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
        func long(_ at: Int) -> Int { short(at) | short(at + 2) << 16 }
        guard bytes.starts(with: [0x49, 0x49, 42, 0]) else { throw PipelineError(.unsupported, "\(path): big TIFF") }
        let directory = long(4)
        for entry in (0..<short(directory)).map({ directory + 2 + $0 * 12 }) where short(entry + 2) == 2 {
            let count = long(entry + 4)
            let start = count > 4 ? long(entry + 8) : entry + 8
            texts[short(entry)] = String(decoding: bytes[start..<(start + count - 1)], as: UTF8.self)
        }
    }

    func text(_ tag: Int) -> String? { texts[tag] }

    /// What GDAL notes of each band in one role, in the order of the bands.
    func items(_ role: String) -> [String] {
        (text(TIFFTags.gdalMetadata) ?? "").split(separator: "role=\"\(role)\">").dropFirst().map {
            String($0.prefix { $0 != "<" })
        }
    }
}
