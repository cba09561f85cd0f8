import Testing

@testable import DatacubeStorage

@Suite struct ZarrRoundTripTests {
    /// Twelve dates need two chunks of ten along time; 192 pixels fit one chunk of 512, nine of 64, four shards of 128.
    @Test(arguments: [CubeSchema.Chunking(), CubeSchema.Chunking(dates: 5, pixels: 64), Converter.smallShards])
    func everyValueIsThatOfTheBandFile(_ chunking: CubeSchema.Chunking) async throws {
        try await withTemporaryDirectory { directory in
            let products = try await SyntheticArchive.link(0..<SyntheticArchive.dates, below: directory + "/safe")
            let outcome = try await Converter.zarr.run(
                from: directory + "/safe",
                to: directory + "/zarr",
                chunking: chunking
            )
            #expect(outcome == JobOutcome(finished: products.count))
            for resolution in Resolution.allCases {
                let cube = try #require(try open(directory + "/zarr", resolution))
                #expect(cube.steps.map(\.productIdentifier) == products.map(\.name.identifier))
                for (date, product) in products.enumerated() {
                    for (index, band) in resolution.bands.enumerated() {
                        let expected = try product.pixels(band)
                        #expect(try plane(cube, date, index) == expected, "\(product.name.identifier) \(band.name)")
                        #expect(Set(expected).count > 100, "a plain picture proves nothing")
                    }
                }
            }
        }
    }

    @Test func everyDateSaysWhatTheMetadataSay() async throws {
        try await withTemporaryDirectory { directory in
            let products = try await SyntheticArchive.link([1, 4, 7], below: directory + "/safe")
            _ = try await Converter.zarr.run(from: directory + "/safe", to: directory + "/zarr")
            let cube = try #require(try open(directory + "/zarr", .r20))
            #expect(cube.steps.count == 3)
            for (step, product) in zip(cube.steps, try products.map { try DescribedProduct($0) }) {
                #expect(step.time == product.metadata.startTime.milliseconds)
                #expect(step.granuleSensingTime == product.tile.sensingTime.milliseconds)
                #expect(step.granuleSensingTime > step.time)
                #expect(step.processingBaseline == "05.10" && step.quantificationValue == 10000)
                #expect(step.radiometricAddOffset == [Int32](repeating: -1000, count: 6))
                #expect(step.cloudCover == product.metadata.cloudCover)
                #expect(step.sunZenith == product.tile.meanSunAngles.zenith)
                #expect(step.viewZenith == Resolution.r20.bands.map { product.tile.meanViewAngles[$0]?.zenith ?? -1 })
                #expect(Int(step.absoluteOrbit) == product.metadata.absoluteOrbit)
            }
        }
    }

    /// Before baseline 04.00 the metadata list no offsets.
    @Test func aProductWithoutOffsetsConvertsWithOffsetZero() async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.synthesize(dates: 1, year: 2021, baseline: "03.01", below: directory + "/safe")
            let product = try #require(try SyntheticArchive.products(below: directory + "/safe").first)
            #expect(try !text(product.productMetadataPath).contains("RADIO_ADD_OFFSET"))
            let outcome = try await Converter.zarr.run(from: directory + "/safe", to: directory + "/zarr")
            #expect(outcome == JobOutcome(finished: 1))
            let cube = try #require(
                try Cube.open(LocalStore(root: directory + "/zarr"), path: "35VLH/2021/10m")
            )
            #expect(cube.steps.map(\.radiometricAddOffset) == [[0, 0, 0, 0]])
            #expect(cube.steps.map(\.processingBaseline) == ["03.01"])
            #expect(try plane(cube, 0, 2) == product.pixels(.b04))
        }
    }

    private func open(_ root: String, _ resolution: Resolution) throws -> Cube? {
        try Cube.open(LocalStore(root: root), path: "\(SyntheticArchive.tileYear)/\(resolution.name)")
    }

    private func plane(_ cube: Cube, _ date: Int, _ band: Int) throws -> [UInt16] {
        let shape = cube.data.metadata.shape
        var pixels = [UInt16](repeating: 1, count: shape[2] * shape[3])
        try pixels.withUnsafeMutableBytes {
            try cube.data.read(region: [date..<(date + 1), band..<(band + 1), 0..<shape[2], 0..<shape[3]], into: $0)
        }
        return pixels
    }

    private func text(_ path: String) throws -> String {
        try String(decoding: FileSystem.contents(of: path), as: UTF8.self)
    }
}
