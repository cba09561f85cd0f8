import Logging
import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct PatchesFromS3Tests {
    @Test func bucketsDeliverWhatFoldersDoWithFewRequests() async throws {
        try await withTemporaryDirectory { directory in
            let server = try SmallS3Server()
            let local = try await BenchmarkArchive.selection(below: directory)
            try keepTileParts(of: local)
            let bucket = try testClient(server.url).bucket("bucket")
            var selection = local
            for place in local.places {
                let store = S3Store(bucket: bucket, prefix: place.format.name)
                try copy(place.store, to: store)
                selection.places.append(.init(storage: .s3, format: place.format, store: store))
            }
            let (results, _) = try await run(selection, directory)
            let onS3 = try #require(results.results["s3"])
            // What no page cache of this machine serves is compared with itself.
            #expect(results.control?.a.hasPrefix("s3 ") == true && results.control?.rounds == 2)
            #expect(Set(onS3.keys) == Set(DataFormat.allCases.map(\.name)))
            for (format, source) in onS3 { #expect(source.failures == [] && source.durations.count == 2, "\(format)") }
            let dates = BenchmarkArchive.dates
            for (sample, patch) in zip(onS3["safe"]?.samples ?? [], results.patches) {
                #expect(try #require(sample.readCalls) <= 2 * 13 * dates)
                let needed = try tilePartBytes(of: Patch(x: patch.x, y: patch.y, size: results.patchSize), local)
                let read = try #require(sample.bytesRead)
                #expect(read >= needed && Double(read) <= 1.2 * Double(needed), "\(read) of \(needed) bytes")
            }
            // Headers were read before the clock started; a file's tiles come by one request.
            for sample in onS3["cog"]?.samples ?? [] { #expect(sample.readCalls == 3 * dates) }
            for sample in onS3["zarr"]?.samples ?? [] { #expect(try #require(sample.readCalls) <= 2 * sample.files) }
            // One request for the index of a shard that no patch touched before, and one for each row of inner chunks
            // that lie apart; here they lie so close that there is one for the shard.
            for sample in onS3["shardzarr"]?.samples ?? [] {
                #expect(try #require(sample.readCalls) <= 2 * sample.files)
            }
            // Of an archive the last part comes with its directory, and here that is all of it.
            for sample in onS3["zipzarr"]?.samples ?? [] { #expect(sample.files == 1 && sample.readCalls == 0) }
            for (format, sample) in onS3.flatMap({ format, source in source.samples.map { (format, $0) } }) {
                #expect(sample.residentBefore == nil && sample.diskBytes == nil && sample.retries == 0)
                #expect(try #require(sample.bytesRead) > 0 || format == "zipzarr")
            }
        }
    }

    @Test func aDamagedObjectIsAFailureOfItsSourceThatNamesIt() async throws {
        try await withTemporaryDirectory { directory in
            let server = try SmallS3Server()
            let local = try await BenchmarkArchive.selection(below: directory)
            let store = S3Store(bucket: try testClient(server.url).bucket("bucket"), prefix: "cog")
            try copy(local.places[1].store, to: store)
            let selection = PatchSelection(places: [.init(storage: .s3, format: .cog, store: store)])
            let set = try await SourceSet.open(selection, on: PatchThreads(2), log: .silent)
            let window = PixelWindow(x: 0, y: 0, width: 192, height: 192)
            let pixels = try PixelBuffer<UInt16>(zeroed: 4 * window.pixelCount)
            let part = PatchWindow(resolution: .r10, window: window, pixels: pixels)
            let source = set.sources[0].source
            let key = try #require(try source.objects(part, products: [0]).first)
            var bytes = try #require(try store.get(key))
            bytes = bytes.prefix(bytes.count / 2) + [UInt8](repeating: 0xAA, count: bytes.count - bytes.count / 2)
            try store.put(key, bytes, durability: .synchronized)
            let error = #expect(throws: PipelineError.self) {
                for piece in try source.reading([part], products: [0], threads: 2).pieces() {
                    try piece()
                }
            }
            #expect(error?.message.contains(key) == true)
        }
    }

    private func keepTileParts(of selection: PatchSelection) throws {
        for product in try ProductFolder(selection.places[0].store).products.values.flatMap({ $0 }) {
            try ProductImages(DescribedProduct(product)).writeIndex()
        }
    }

    /// Bytes of the tile-parts that a patch touches, of all bands and dates.
    private func tilePartBytes(of patch: Patch, _ selection: PatchSelection) throws -> Int {
        try ProductFolder(selection.places[0].store).products.values.joined().reduce(0) { sum, product in
            let images = try ProductImages(DescribedProduct(product))
            return try Band.allCases.reduce(sum) { sum, band in
                let image = images.image(band)
                let window = try patch.window(in: images.grid(band.resolution))
                let parts = image.tiles(touching: window).flatMap { image.index.parts[$0.number] }
                return parts.reduce(sum) { $0 + $1.count }
            }
        }
    }

    private func copy(_ source: any ObjectStore, to target: any ObjectStore) throws {
        for object in try source.list("") {
            try target.put(object.key, try #require(try source.get(object.key)), durability: .synchronized)
        }
    }

    private func run(
        _ selection: PatchSelection,
        _ directory: String
    ) async throws -> (results: BenchmarkResults, path: String) {
        let settings = BenchmarkJob.Settings(
            selection: selection,
            output: .folder(directory + "/results"),
            patchSize: 600,
            stop: StopRule(rounds: 2),
            threads: 2
        )
        return try #require(try await BenchmarkJob(settings, log: .silent).run())
    }
}
