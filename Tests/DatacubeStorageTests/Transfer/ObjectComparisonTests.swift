import Testing

@testable import DatacubeStorage

@Suite struct ObjectComparisonTests {
    /// A file that was written now, of which only sizes and times matter.
    private func withFile(_ body: (_ path: String, _ status: FileStatus) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            try AtomicFile.write([1, 2, 3], to: directory + "/f")
            try body(directory + "/f", try #require(try FileSystem.status(directory + "/f")))
        }
    }

    private func object(size: Int = 3, modified: Int?) -> S3Object {
        var object = S3Object(key: "k", size: size, entityTag: "")
        object.modified = modified
        return object
    }

    @Test func timesSettleOnlyWhatTheyCan() throws {
        try withFile { _, status in
            let now = status.changed / 1_000_000_000
            for direction in [ObjectComparison.Direction.up, .down] {
                #expect(
                    ObjectComparison.byTimes(status, object: object(size: 4, modified: now), direction: direction)
                        == false
                )
                #expect(ObjectComparison.byTimes(status, object: object(modified: nil), direction: direction) == nil)
                #expect(
                    ObjectComparison.byTimes(status, object: object(modified: now - 60), direction: direction) == nil
                )
                // Clocks may differ by a quarter of an hour.
                #expect(
                    ObjectComparison.byTimes(status, object: object(modified: now + 600), direction: direction) == nil
                )
            }
            #expect(ObjectComparison.byTimes(status, object: object(modified: now + 1000), direction: .up) == true)
            #expect(ObjectComparison.byTimes(status, object: object(modified: now + 1000), direction: .down) == nil)
        }
    }

    @Test func aFileWithTheTimeOfTheObjectCameFromIt() throws {
        try withFile { path, _ in
            try LocalFile(updating: path).setTimes(1_700_000_000 * 1_000_000_000)
            let status = try #require(try FileSystem.status(path))
            #expect(ObjectComparison.byTimes(status, object: object(modified: 1_700_000_000), direction: .down) == true)
            #expect(ObjectComparison.byTimes(status, object: object(modified: 1_700_000_000), direction: .up) == true)
            #expect(ObjectComparison.byTimes(status, object: object(modified: 1_700_000_001), direction: .down) == nil)
        }
    }

    /// MD5 of three times the same 5 MiB but for the last byte, which is one part more.
    @Test func entityTagsOfUploadsInPartsAreRecomputed() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/f"
            try AtomicFile.write([UInt8](repeating: 7, count: 10_485_761), to: path, durability: .deferred)
            let part = try MessageDigest.hexadecimal(of: [UInt8](repeating: 7, count: 5_242_880), .md5)
            let last = try MessageDigest.hexadecimal(of: [7], .md5)
            let tag = try #require(try S3Bucket.entityTag(ofParts: [part, part, last]))
            func object(_ tag: String, _ metadata: [String: String] = [:]) -> S3Object {
                S3Object(key: "k", size: 10_485_761, entityTag: "\"\(tag)\"", metadata: metadata)
            }
            #expect(try object(tag).matches(file: path) == true)
            let wrong = String(tag.reversed().drop { $0 != "-" }.dropFirst()) + "-3"
            #expect(try object(wrong).matches(file: path) == nil)
            #expect(try object(wrong, ["part-bytes": "\(5_242_880)"]).matches(file: path) == false)
            #expect(try object(tag, ["part-bytes": "\(5_242_880)"]).matches(file: path) == true)
            #expect(try object("abc").matches(file: path) == nil)
            #expect(try S3Object(key: "k", size: 1, entityTag: tag).matches(file: path) == false)
        }
    }
}
