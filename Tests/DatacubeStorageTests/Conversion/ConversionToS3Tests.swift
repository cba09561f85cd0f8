import DatacubeStorage
import TestSupport
import Testing

/// A bucket gets the same objects as a folder gets files, with the same guarantees.
@Suite struct ConversionToS3Tests {
    @Test(arguments: Converter.allCases, [[[0, 1], [2, 3]], [[2, 3], [0]]])
    func bucketsHoldWhatFoldersDo(_ converter: Converter, _ runs: [[Int]]) async throws {
        try await withTemporaryDirectory { directory in
            let server = try SmallS3Server()
            let store = S3Store(bucket: try testClient(server.url).bucket("bucket"), prefix: "made")
            let work = directory + "/work"
            try FileSystem.createDirectories(work)
            for dates in runs {
                try await SyntheticArchive.link(dates, below: directory + "/safe")
                let outcome = try await converter.run(from: directory + "/safe", into: store, workFolder: work)
                #expect(outcome.failures == [])
            }
            let expected = try await converter.tree(of: runs.joined())
            #expect(try tree(of: store, below: directory + "/copy").differences(from: expected) == [])
            #expect(try FileSystem.list(work) == [])
            // Neither locks nor unfinished files stay beside the products.
            #expect(try FileSystem.list(directory + "/safe") == ["Sentinel-2"])
            let again = try await converter.run(from: directory + "/safe", into: store, workFolder: work)
            #expect(again == JobOutcome(skipped: Set(runs.joined()).count))
        }
    }

    @Test func twoRunsIntoOneBucketExcludeEachOther() async throws {
        try await withTemporaryDirectory { directory in
            let server = try SmallS3Server()
            let store = S3Store(bucket: try testClient(server.url).bucket("bucket"), prefix: "made")
            let safe = directory + "/safe"
            try await SyntheticArchive.link(0..<2, below: safe)
            let lock = try TargetLock(path: "\(safe)/.conversion-to-s3--bucket-made-35VLH-2024.lock")
            let outcome = try await Converter.zarr.run(from: safe, into: store)
            #expect(outcome.finished == 0 && outcome.failures.count == 1)
            #expect(outcome.failures.first?.contains("another run works on") == true)
            #expect(try store.list("") == [])
            _ = consume lock
        }
    }

    private func tree(of store: S3Store, below directory: String) throws -> FileTree {
        let copy = LocalStore(root: directory)
        for object in try store.list("") {
            try copy.put(object.key, try #require(try store.get(object.key)), durability: .deferred)
        }
        return try FileTree(directory)
    }
}
