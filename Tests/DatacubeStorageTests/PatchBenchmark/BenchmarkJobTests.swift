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
            let count = DataFormat.allCases.count
            #expect(results.comparisons.count == count * (count - 1) / 2)
            #expect(results.comparisons.allSatisfy { $0.different == nil && $0.rounds == 3 })
            #expect(results.validity.verdict == .doubtful && results.isSynthetic)
            #expect(results.stop.rule == "rounds" && results.stop.rounds == 3)
            #expect(results.budgets.allSatisfy { $0.takes.files > 0 && $0.takes.bytes > 0 && $0.quota == nil })
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
            // Other tests read at the same time, which the kernel counts as this process's; such samples are repeated.
            #expect(Set(samples.map(\.round)) == [1, 2] && samples.count >= 2 * DataFormat.allCases.count)
            if cache == .warm { #expect(samples.allSatisfy { ($0.residentBefore ?? 0) > 0.5 }) }
            // A memory file system cannot forget; everything else must.
            let kinds = Set(results.environment.fileSystems.values)
            if cache == .cold, kinds.isDisjoint(with: ["tmpfs", "ramfs"]) {
                #expect(samples.allSatisfy { $0.residentBefore == 0 })
            }
        }
    }

    /// Four patches for each worker, none of which waits for another one.
    @Test func severalWorkersLoadPatchesOneAfterTheOther() async throws {
        try await withTemporaryDirectory { directory in
            let (results, _) = try await run(directory, repeats: 2, workers: [3])
            #expect(results.patches.count == 24)
            for source in results.results["network"]?.values.map({ $0 }) ?? [] {
                #expect(source.durations.count == 24 && source.samples.count == 2)
                for sample in source.samples {
                    let ofEach = (0..<3).map { worker in
                        stride(from: worker, to: 12, by: 3).map { sample.durations[$0] }
                    }
                    #expect(sample.wallClock >= (ofEach.map { $0.reduce(0, +) }.max() ?? .infinity))
                    #expect((sample.rate ?? 0) >= 12 / sample.wallClock * 0.999)
                }
            }
            // The last patch of each worker is compared.
            #expect(results.patches.count { !$0.checksums.isEmpty } == 6)
        }
    }

    @Test func severalNumbersOfWorkersMakeACurve() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let two = PatchSelection(places: Array(selection.places.prefix(2)))
            let (results, _) = try await run(two, directory, repeats: 2, workers: [2, 1])
            #expect(results.workers == 2)
            #expect(results.throughput.map(\.workers) == [2, 2, 1, 1])
            #expect(results.throughput.allSatisfy { $0.patchesPerSecond > 0 && $0.interval?.count == 2 })
        }
    }

    @Test func everyLoadTellsWhatItCost() async throws {
        try await withTemporaryDirectory { directory in
            let (results, _) = try await run(directory, repeats: 1)
            #expect(results.control == nil)
            for (format, source) in results.results["network"] ?? [:] {
                let sample = try #require(source.samples.first)
                // A patch's pixels have to be decoded at least once; all files but an archive are opened for it.
                #expect((sample.decodedBytes ?? 0) >= source.patchBytes, "\(format)")
                if format != "zipzarr" { #expect((sample.opens ?? 0) >= sample.files, "\(format)") }
                #expect((sample.userSeconds ?? 0) + (sample.systemSeconds ?? 0) > 0)
                #expect((sample.peakMemory ?? 0) > source.patchBytes)
                // Not every file system can be read past the page cache.
                #expect(source.ceiling.map { $0.means == "direct reads" && $0.share > 0 } ?? true)
            }
        }
    }

    /// The reader of products as delivered, with and without an index, as two sources; nothing is left beside the products.
    @Test func theIndexOfTilePartsIsUsedAndIgnored() async throws {
        try await withTemporaryDirectory { directory in
            var selection = try await BenchmarkArchive.selection(below: directory)
            let safe = selection.places[0]
            let ignoring = PatchSelection.Place(storage: .network, format: .safe, store: safe.store, ignoresIndex: true)
            selection.places = [safe, ignoring]
            let before = try tree("\(safe.store)")
            let (results, _) = try await run(selection, directory, repeats: 1, cache: .warm)
            let sources = try #require(results.results["network"])
            #expect(Set(sources.keys) == ["safe", "safe_no_index"])
            let reads = sources.mapValues { $0.samples[0].readCalls ?? 0 }
            #expect(try #require(reads["safe_no_index"]) > #require(reads["safe"]))
            #expect(sources["safe_no_index"]?.index?.seconds != nil)
            #expect(try tree("\(safe.store)") == before)
        }
    }

    private func tree(_ folder: String) throws -> [ObjectEntry] { try LocalStore(root: folder).list("") }

    /// A consumer that needs far longer than a load never waits; one that needs nothing always does.
    @Test(arguments: [(0.2, 0.7...1.0), (1e-6, 0.0...0.2)])
    func aConsumerWaitsForWhatIsNotThereYet(_ step: Double, _ share: ClosedRange<Double>) async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            var settings = settings(PatchSelection(places: [selection.places[2]]), directory, repeats: 3, workers: [2])
            settings.consumer = BenchmarkJob.Consumer(step: step, prefetch: 2)
            let results = try #require(try await BenchmarkJob(settings, log: .silent).run()).results
            let training = try #require(results.training.first)
            #expect(training.source == "network zarr" && training.workers == 2 && training.prefetch == 2)
            #expect(share.contains(training.utilisation), "\(training)")
        }
    }

    /// One of a source's files lost its end: the source has no rank, and the answer says so.
    @Test func aSourceWhoseLoadsFailIsOutOfTheRanking() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            try BenchmarkArchive.separate(directory)
            let chunks = try FileSystem.list("\(selection.places[2].store)/35VLH/2024/10m/data/c/0/0/0")
            let path = "\(selection.places[2].store)/35VLH/2024/10m/data/c/0/0/0/\(try #require(chunks.first))"
            try AtomicFile.write(Array(FileSystem.contents(of: path).dropLast(2000)), to: path)
            let places = PatchSelection(places: Array(selection.places[1...3]))
            let (results, _) = try await run(places, directory, repeats: 6)
            #expect(results.results["network"]?["zarr"]?.failures.isEmpty == false)
            #expect(!results.comparisons.contains { [$0.a, $0.b].contains("network zarr") })
            #expect(results.validity.warnings.contains { $0.hasPrefix("network zarr: ") })
            #expect(results.answer.best.contains("without rank") && results.answer.best.hasSuffix("network zarr"))
        }
    }

    @Test func anUnknownBaselineIsRefused() async throws {
        try await withTemporaryDirectory { directory in
            var settings = settings(try await BenchmarkArchive.selection(below: directory), directory, repeats: 1)
            settings.baseline = "network hdf5"
            let error = await #expect(throws: PipelineError.self) {
                try await BenchmarkJob(settings, log: .silent).run()
            }
            #expect(error?.code == .configuration && error?.message.contains("network zarr") == true)
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
            let set = try SourceSet(whole.tileYear, sources: [zarr, silent])
            let settings = BenchmarkJob.Settings(
                selection: selection,
                output: .folder(directory),
                patchSize: 600,
                stop: StopRule(rounds: 1),
                cache: cache,
                threads: 2
            )
            let logs = [ReadLog(), ReadLog()]
            var round = try BenchmarkRound(settings, set: set, logs: logs, fileSystems: ["ext4", "ext4"])
            let patch = Patch(x: 300_000, y: 6_800_040, size: 600)
            _ = try await round.sample(1, patches: [patch], by: contender(0))
            let error = await #expect(throws: PipelineError.self) {
                _ = try await round.sample(1, patches: [patch], by: contender(1))
            }
            #expect(error?.code == .mismatch)
        }
    }

    /// What the harness adds to each load: an empty one is over in far less than a hundredth of the fastest that are measured.
    @Test func anEmptyLoadTakesNoTime() async throws {
        try await withTemporaryDirectory { directory in
            let selection = try await BenchmarkArchive.selection(below: directory)
            let set = try await SourceSet.open(selection, on: PatchThreads(2), log: .silent)
            let silent = SilentSource(set.sources[2].source)
            let loader = try PatchLoader(threads: 2, dates: set.identifiers.count, patchSize: 600)
            let patch = Patch(x: 300_000, y: 6_800_040, size: 600)
            var seconds: [Double] = []
            for _ in 0..<300 { seconds.append(try await loader.load(patch, from: silent, products: set.positions[2])) }
            let least = try #require(seconds.min())
            #expect(least < 50e-6, "\(least) s, median \(DurationStatistics(seconds).median) s")
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
        workers: [Int] = [1]
    ) async throws -> (results: BenchmarkResults, path: String) {
        let selection = try await BenchmarkArchive.selection(below: directory)
        return try await run(selection, directory, repeats: repeats, cache: cache, workers: workers)
    }

    private func run(
        _ selection: PatchSelection,
        _ directory: String,
        repeats: Int,
        cache: CacheState = .uncontrolled,
        workers: [Int] = [1]
    ) async throws -> (results: BenchmarkResults, path: String) {
        let settings = settings(selection, directory, repeats: repeats, cache: cache, workers: workers)
        return try #require(try await BenchmarkJob(settings, log: .silent).run())
    }

    private func settings(
        _ selection: PatchSelection,
        _ directory: String,
        repeats: Int,
        cache: CacheState = .uncontrolled,
        workers: [Int] = [1]
    ) -> BenchmarkJob.Settings {
        BenchmarkJob.Settings(
            selection: selection,
            output: .folder(directory + "/results"),
            patchSize: 600,
            stop: StopRule(rounds: repeats),
            cache: cache,
            workers: workers,
            threads: 2
        )
    }

    private func contender(_ source: Int) -> Contender { Contender(role: .source, source: source, workers: 1) }

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

    func recordedDates(on executor: BlockingExecutor) async throws -> [Resolution: RecordedDates] {
        try await other.recordedDates(on: executor)
    }

    func description(on executor: BlockingExecutor) async throws -> UnitDescription {
        try await other.description(on: executor)
    }
}
