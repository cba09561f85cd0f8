import TestSupport
import Testing

@testable import DatacubeStorage

/// What reads from or writes to S3 besides transfers ends as soon as it is cancelled, too, though no server answers.
@Suite
struct CancellationTests {
    /// Reading what is there already, and writing.
    @Test(arguments: Converter.allCases, [RequestKind.reading, .upload])
    func aConversionEnds(_ converter: Converter, _ kind: RequestKind) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, work) = (directory + "/safe", directory + "/work")
            try FileSystem.createDirectories(work)
            try await SyntheticArchive.link(0..<2, below: safe)
            let server = try SmallS3Server()
            let store = try store(of: server)
            try await server.expectToEndWhenCancelled(ignoring: kind) {
                _ = try await converter.run(from: safe, into: store, workFolder: work)
            }
            #expect(server.objects.isEmpty)
            // Neither a lock nor unfinished files, but of an archive, whose chunks wait in the lock for the next run.
            let others = try FileSystem.list(safe).filter { $0 != "Sentinel-2" }
            #expect(others == [] || converter == .zipzarr && others.allSatisfy { TargetLock.isLock($0) })
            #expect(try FileSystem.list(work) == [])
            let next = try await converter.run(from: safe, into: self.store(of: server), workFolder: work)
            #expect(next == JobOutcome(finished: 2))
        }
    }

    /// Finding the products, opening files, and loading patches of files that are open.
    private static let stages = [RequestKind.listing, .content, .laterContent]

    @Test(arguments: stages) func aBenchmarkEnds(_ kind: RequestKind) async throws {
        try await withTemporaryDirectory { directory in
            let (server, selection) = try await archive(directory)
            let results = directory + "/results"
            try await server.expectToEndWhenCancelled(ignoring: kind) {
                let settings = BenchmarkJob.Settings(
                    selection: selection,
                    output: .folder(results),
                    patchSize: 600,
                    stop: StopRule(rounds: 2),
                    threads: 2
                )
                _ = try await BenchmarkJob(settings, log: .silent).run()
            }
            #expect(try !FileSystem.exists(results))
        }
    }

    @Test(arguments: stages) func aVerificationEnds(_ kind: RequestKind) async throws {
        try await withTemporaryDirectory { directory in
            let (server, selection) = try await archive(directory)
            try await server.expectToEndWhenCancelled(ignoring: kind) {
                _ = try await VerificationJob(.init(selection: selection, options: RunOptions(jobs: 2)), log: .silent)
                    .run()
            }
        }
    }

    private func store(of server: SmallS3Server, _ prefix: String = "") throws -> S3Store {
        S3Store(bucket: try testClient(server.url).bucket("bucket"), prefix: prefix)
    }

    /// GeoTIFFs and a datacube in a bucket.
    private func archive(_ directory: String) async throws -> (SmallS3Server, PatchSelection) {
        let server = try SmallS3Server()
        let local = try await BenchmarkArchive.selection(below: directory)
        let places = try local.places.filter { [.cog, .zarr].contains($0.format) }.map { place in
            let target = try store(of: server, place.format.name)
            for object in try place.store.list("") {
                try target.put(object.key, try #require(try place.store.get(object.key)), durability: .synchronized)
            }
            return PatchSelection.Place(storage: .s3, format: place.format, store: target)
        }
        return (server, PatchSelection(places: places))
    }
}
