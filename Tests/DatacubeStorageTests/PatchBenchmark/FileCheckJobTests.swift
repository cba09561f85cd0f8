import TestSupport
import Testing

@testable import DatacubeStorage

/// The commands that `patch-bench verify --files` names.
@Suite struct FileCheckJobTests {
    private func failures(_ format: DataFormat, _ storage: Storage, below made: String) async throws -> [String] {
        let place = PatchSelection.Place(storage: storage, format: format, store: LocalStore(root: made))
        let selection = PatchSelection(
            places: [place],
            tile: SyntheticArchive.tileYear.tile,
            year: SyntheticArchive.tileYear.year
        )
        let settings = VerificationJob.Settings(selection: selection, options: RunOptions(jobs: 2))
        return try await FileCheckJob(settings, log: .silent).run().failures
    }

    /// A converter that is not told how chunks were made refuses the cube.
    @Test(arguments: [Converter.zarr, .zipzarr])
    func theConverterIsToldOfChunksThatAreNotItsOwn(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            let blosc = CodecDescription.blosc("zstd", level: 3, shuffle: .shuffle, typeSize: 2)
            let chunking = CubeSchema.Chunking(dates: 2, pixels: 64, codecs: [.bytes, blosc])
            _ = try await converter.run(from: safe, to: made, chunking: chunking)
            let format: DataFormat = converter == .zarr ? .zarr : .zipzarr
            #expect(try await failures(format, .network, below: made) == [])
            let file = converter == .zarr ? "/35VLH/2024/10m/data/c/0/0/0/0" : "/35VLH/2024.zip"
            var bytes = try FileSystem.contents(of: made + file)
            bytes[bytes.count / 2] ^= 1
            try AtomicFile.write(bytes, to: made + file)
            let options = "--chunk_time 2 --chunk_size 64 --compressor zstd --level 3 --shuffle shuffle"
            let expected = "safe2zarr --layout \(format) \(options) --verify checksum --tile_id 35VLH --year 2024"
            for failure in try await failures(format, .network, below: made) { #expect(failure.hasSuffix(expected)) }
        }
    }

    /// A damaged document is not asked for the options, as long as another one is whole.
    @Test func theOptionsAreThoseOfADocumentThatIsAsListed() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let document = made + "/35VLH/2024/10m/data/zarr.json"
            let text = String(decoding: try FileSystem.contents(of: document), as: UTF8.self)
            try AtomicFile.write(Array(text.replacing("64", with: "32").utf8), to: document)
            let found = try await failures(.zarr, .network, below: made)
            #expect(found.count == 1 && found[0].contains("--chunk_time 2 --chunk_size 64 --verify"), "\(found)")
        }
    }

    /// A name that rots in the list makes a good file one that nobody lists.
    @Test func aGoodFileIsNotToBeRemovedForTheListsSake() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<1, below: safe)
            _ = try await Converter.cog.run(from: safe, to: made)
            let list = made + (try #require(try FileTree(made).files.first { $0.hasSuffix("checksums.md5") }))
            let text = String(decoding: try FileSystem.contents(of: list), as: UTF8.self)
            try AtomicFile.write(Array(text.replacing("60m.tif", with: "60e.tif").utf8), to: list)
            let found = try await failures(.cog, .network, below: made)
            #expect(found.count == 2 && found.allSatisfy { $0.contains("restore it with: safe2cog") }, "\(found)")
            // A line break that rots hides a line.
            let whole = Array(text.utf8)
            for place in whole.indices where whole[place] == UInt8(ascii: "\n") && place + 1 < whole.count {
                var rotten = whole
                rotten[place] ^= 0x40
                for bytes in [rotten, Array(whole.prefix(place + 1))] {
                    try AtomicFile.write(bytes, to: list)
                    let found = try await failures(.cog, .network, below: made)
                    #expect(!found.isEmpty && !found.contains { $0.contains("remove it") }, "\(found)")
                    #expect(try await Converter.cog.run(from: safe, to: made, verification: .checksum).failures == [])
                    #expect(try FileSystem.contents(of: list) == whole)
                }
            }
        }
    }

    @Test func whatNobodyListsIsToBeRemoved() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<1, below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            try AtomicFile.write([1], to: made + "/35VLH/2024/10m/it's new")
            let path = "\(made)/35VLH/2024/10m/it"
            let (local, s3) = (
                try await failures(.zarr, .temp, below: made), try await failures(.zarr, .s3, below: made)
            )
            #expect(local == ["mismatch: \(path)'s new is not listed; remove it with: rm '\(path)'\\''s new'"])
            let mirror = "s3-mirror --delete_extraneous --formats zarr --tile_id 35VLH --year 2024"
            #expect(s3 == ["mismatch: \(path)'s new is not listed; remove it with: \(mirror)"])
        }
    }
}
