import TestSupport
import Testing

@testable import DatacubeStorage

/// Bytes that rot while names, sizes, times and entity tags stay.
@Suite struct MirrorVerificationTests {
    private static let chunk = "35VLH/2024/10m/data/c/0/0"

    /// A cube with an inventory that lists one of its chunks.
    private func fill(_ sides: MirrorSides) throws {
        try sides.fill()
        let entry = try Inventory.Entry(ofFile: "\(sides.folder)/\(Self.chunk)")
        try sides.write("35VLH/2024/10m/data/checksums.md5", Inventory(["data/c/0/0": entry]).text)
    }

    /// Listed or not: an object that nothing lists is compared with its file.
    @Test(arguments: [chunk, "35VLH/2024/10m/data/c/0/1", "35VLH/zarr.json"])
    func anObjectThatRotsIsStoredAgain(_ path: String) async throws {
        try await MirrorSides.with { sides in
            try fill(sides)
            var settings = sides.settings(.up)
            _ = try await sides.mirror(settings)
            sides.server.change { $0.damaged = [path] }
            let first = sides.server.requests.count
            _ = try await sides.mirror(settings)
            #expect(sides.stored(since: first) == [])
            settings.verification = .checksum
            #expect(try await sides.mirror(settings).failures == [])
            #expect(sides.stored(since: first).contains(path))
            sides.server.change { $0.damaged = [] }
            let second = sides.server.requests.count
            #expect(try await sides.mirror(settings).finished == 0)
            #expect(sides.stored(since: second) == [])
        }
    }

    /// Whether all bytes are compared or an alarming time makes the file be read: the good object stays.
    @Test(arguments: FileVerification.allCases)
    func aFileThatRotsDoesNotTakeTheObjectsPlace(_ verification: FileVerification) async throws {
        try await MirrorSides.with { sides in
            try fill(sides)
            var settings = sides.settings(.up)
            _ = try await sides.mirror(settings)
            let good = sides.server.objects
            try sides.write(Self.chunk, Array("CONTENT of \(Self.chunk)".utf8))
            settings.verification = verification
            let outcome = try await sides.mirror(settings)
            #expect(outcome.failures.count == 1)
            #expect(outcome.failures.first?.contains("\(Self.chunk) is not as it is listed; safe2zarr") == true)
            #expect(sides.server.objects == good)
        }
    }

    /// The other way round the file is brought again, also one that nothing lists.
    @Test(arguments: [chunk, "35VLH/2024/10m/data/c/0/1"])
    func aFileThatRotsIsFetchedAgain(_ path: String) async throws {
        try await MirrorSides.with { sides in
            try fill(sides)
            _ = try await sides.mirror(sides.settings(.up))
            try FileSystem.remove(sides.folder)
            var settings = sides.settings(.down)
            _ = try await sides.mirror(settings)
            let status = try #require(try FileSystem.status("\(sides.folder)/\(path)"))
            try sides.write(path, Array("CONTENT of \(path)".utf8))
            try LocalFile(updating: "\(sides.folder)/\(path)").setTimes(status.modified)
            #expect(try await sides.mirror(settings).finished == 0)
            settings.verification = .checksum
            #expect(try await sides.mirror(settings).failures == [])
            #expect(try FileSystem.contents(of: "\(sides.folder)/\(path)") == Array("content of \(path)".utf8))
        }
    }
}
