import Logging
import Testing

@testable import DatacubeStorage

@Suite struct BenchmarkJobTests {
    @Test func allFormatsAreMeasuredOnTheSamePatchesAndAgree() async throws {
        try await withTemporaryDirectory { directory in
            let (results, path) = try await run(directory, repeats: 3)
            #expect(results.tile == "35VLH" && results.year == 2024 && results.products.count == BenchmarkArchive.dates)
            #expect(results.patches.count == 3)
            #expect(results.patches.allSatisfy { $0.checksums.count == 3 })
            let sources = try #require(results.results["network"])
            #expect(Set(sources.keys) == Set(DataFormat.allCases.map(\.name)))
            for source in sources.values {
                #expect(source.durations.count == 3 && source.durations.allSatisfy { $0 > 0 })
                #expect(source.warmUp.count == 1)
                #expect(
                    source.bandGroupShapes == ["10m": [3, 4, 60, 60], "20m": [3, 6, 30, 30], "60m": [3, 3, 10, 10]]
                )
                #expect(abs(source.standardError * 3.squareRoot() - source.deviation) < 1e-12)
                #expect(source.samples.allSatisfy { $0.files > 0 })
            }
            #expect(results.comparisons.count == DataFormat.allCases.count - 1)
            #expect(try BenchmarkResults(file: path).ranking.map(\.name) == results.ranking.map(\.name))
        }
    }

    @Test func checksumsAreThoseOfThePixels() async throws {
        try await withTemporaryDirectory { directory in
            let (results, _) = try await run(directory, repeats: 1)
            let patch = try #require(results.patches.first)
            let window = PixelWindow(
                x: (patch.x - results.area[0]) / 60,
                y: (results.area[1] - patch.y) / 60,
                width: 10,
                height: 10
            )
            var planes: [UInt8] = []
            for product in try await SyntheticArchive.products().prefix(BenchmarkArchive.dates) {
                for band in Resolution.r60.bands {
                    let pixels = try product.pixels(band)
                    let rows = window.rows.flatMap { row in
                        pixels[(row * 32 + window.columns.lowerBound)..<(row * 32 + window.columns.upperBound)]
                    }
                    planes += checksum(rows.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
                }
            }
            let summary = planes.withUnsafeBytes { CRC32.checksum($0) }
            #expect(patch.checksums["60m"] == summary)
        }
    }

    @Test(arguments: CacheState.allCases)
    func theCacheIsPreparedAsAsked(_ cache: CacheState) async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            try BenchmarkArchive.separate(directory)
            let (results, _) = try await run(selection, directory, repeats: 2, cache: cache)
            let samples = results.results["network"]?.values.flatMap(\.samples) ?? []
            #expect(samples.count == 2 * DataFormat.allCases.count)
            if cache == .warm { #expect(samples.allSatisfy { ($0.residentBefore ?? 0) > 0.5 }) }
            // A memory file system cannot forget; everything else must.
            let kinds = Set(results.environment.fileSystems.values)
            if cache == .cold, kinds.isDisjoint(with: ["tmpfs", "ramfs"]) {
                #expect(samples.allSatisfy { $0.residentBefore == 0 })
            }
        }
    }

    @Test func severalWorkersLoadAPatchEach() async throws {
        try await withTemporaryDirectory { directory in
            let (results, _) = try await run(directory, repeats: 2, workers: 3)
            #expect(results.patches.count == 6)
            for source in results.results["network"]?.values.map({ $0 }) ?? [] {
                #expect(source.durations.count == 6 && source.samples.count == 2)
                #expect(source.samples.allSatisfy { $0.wallClock >= ($0.durations.max() ?? 0) })
            }
        }
    }

    @Test func anotherValueFailsTheRunAndNamesDateBandAndPlace() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let second = try await SyntheticArchive.products()[1].name.identifier
            try alter("\(selection.places[2].store)", date: 1, band: 2, row: 17, column: 30)
            let error = await #expect(throws: PipelineError.self) { try await run(selection, directory, repeats: 5) }
            #expect(error?.code == .mismatch)
            for word in [second, "B04", "network zarr", "easting", "northing"] {
                #expect(error?.message.contains(word) == true, "\(word) is missing in \(error?.message ?? "")")
            }
        }
    }

    @Test func aProductThatOneFormatLacksIsLeftOutAndSaid() async throws {
        try await withTemporaryDirectory { directory in
            var selection = try await BenchmarkArchive.selection(below: directory)
            let product = try await SyntheticArchive.products()[0].name
            try FileSystem.remove("\(selection.places[1].store)/\(COGLayout.key(of: product))")
            let (results, _) = try await run(selection, directory, repeats: 1)
            #expect(results.products.count == BenchmarkArchive.dates - 1)
            #expect(!results.products.contains(product.identifier))
            selection.year = 2023
            let error = await #expect(throws: PipelineError.self) { try await run(selection, directory, repeats: 1) }
            #expect(error?.code == .notFound)
        }
    }

    /// A file of which nothing is stored: its reader has to deliver zeros, not what was in memory.
    @Test func aFileWithoutTilesIsFoundOut() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let product = try await SyntheticArchive.products()[1].name
            try dropTiles(of: "\(selection.places[1].store)/\(COGLayout.key(of: product, .r20))") { _ in true }
            let error = await #expect(throws: PipelineError.self) { try await run(selection, directory, repeats: 2) }
            #expect(error?.code == .mismatch)
            for word in [product.identifier, "network cog"] { #expect(error?.message.contains(word) == true) }
        }
    }

    /// It loads into memory that holds what another source delivered.
    @Test(arguments: [CacheState.uncontrolled, .warm])
    func aSourceThatWritesNothingIsFoundOut(_ cache: CacheState) async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let threads = PatchThreads(2)
            let whole = try await SourceSet.open(selection, on: threads, log: .silent)
            let zarr = whole.sources[2]
            let place = PatchSelection.Place(storage: .temp, format: .zarr, store: zarr.place.store)
            let silent = PlacedSource(place: place, source: SilentSource(zarr.source))
            let set = try SourceSet(whole.tileYear, sources: [zarr, silent], products: nil, log: .silent)
            let settings = BenchmarkJob.Settings(
                selection: selection,
                output: .folder(directory),
                patchSize: 600,
                repeats: 1,
                cache: cache,
                threads: 2
            )
            var round = try BenchmarkRound(settings, set: set)
            let patch = Patch(x: 300_000, y: 6_800_040, size: 600)
            _ = try await round.sample(1, patches: [patch], source: 0)
            let error = await #expect(throws: PipelineError.self) {
                _ = try await round.sample(1, patches: [patch], source: 1)
            }
            #expect(error?.code == .mismatch)
        }
    }

    /// The files of one date lie elsewhere than those of the others.
    @Test func geoTIFFsOfAnotherPlaceAreRefusedByName() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let products = try await SyntheticArchive.products()
            for resolution in Resolution.allCases {
                try moveEast("\(selection.places[1].store)/\(COGLayout.key(of: products[2].name, resolution))")
            }
            let error = await #expect(throws: PipelineError.self) { try await run(selection, directory, repeats: 1) }
            #expect(error?.code == .mismatch)
            #expect(error?.message.contains(products[2].name.identifier) == true)
        }
    }

    // The only place where the easting stands as a number of eight bytes is that of the tie point.
    private func moveEast(_ path: String) throws {
        let easting = (0..<8).map { UInt8(truncatingIfNeeded: (300_000.0).bitPattern >> ($0 * 8)) }
        let moved = (0..<8).map { UInt8(truncatingIfNeeded: (300_060.0).bitPattern >> ($0 * 8)) }
        var bytes = try FileSystem.contents(of: path)
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: easting) })
        bytes.replaceSubrange(start..<(start + 8), with: moved)
        try AtomicFile.write(bytes, to: path)
    }

    private func run(
        _ directory: String,
        repeats: Int,
        cache: CacheState = .uncontrolled,
        workers: Int = 1
    ) async throws -> (results: BenchmarkResults, path: String) {
        let selection = try await BenchmarkArchive.selection(below: directory)
        return try await run(selection, directory, repeats: repeats, cache: cache, workers: workers)
    }

    private func run(
        _ selection: PatchSelection,
        _ directory: String,
        repeats: Int,
        cache: CacheState = .uncontrolled,
        workers: Int = 1
    ) async throws -> (results: BenchmarkResults, path: String) {
        let settings = BenchmarkJob.Settings(
            selection: selection,
            output: .folder(directory + "/results"),
            patchSize: 600,
            repeats: repeats,
            cache: cache,
            workers: workers,
            threads: 2
        )
        return try #require(try await BenchmarkJob(settings, log: .silent).run())
    }

    private func checksum(_ bytes: [UInt8]) -> [UInt8] {
        let value = bytes.withUnsafeBytes { CRC32.checksum($0) }
        return (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

/// Adds 1 to every value of a band and date around a place of the 10 m cube, and to all that a chunk has with it.
func alter(_ root: String, date: Int, band: Int, row: Int, column: Int) throws {
    let cube = try #require(try Cube.open(LocalStore(root: root), path: "35VLH/2024/10m"))
    let shape = cube.data.metadata.shape
    var pixels = try cube.data.readAll(UInt16.self)
    let plane = (date * shape[1] + band) * shape[2] * shape[3]
    for position in 0..<(shape[2] * shape[3]) { pixels[plane + position] ^= 1 }
    try cube.data.writeAll(pixels)
}

/// Does nothing where another source would load.
private struct SilentSource: PatchSource {
    private let other: any PatchSource

    init(_ other: any PatchSource) { self.other = other }

    var identifiers: [String] { other.identifiers }
    var store: any ObjectStore { other.store }
    var geocoding: TileGeocoding { other.geocoding }

    func reading(_ windows: [PatchWindow], products: [Int], threads: Int) -> PatchReading { PatchReading { [] } }

    func objects(_ window: PatchWindow, products: [Int]) throws -> [String] {
        try other.objects(window, products: products)
    }
}
