import Glibc
import TestSupport
import Testing

@testable import DatacubeStorage

/// Lost and damaged files are named, and the command that is named brings them back as they were.
@Suite struct LossTests {
    /// Files of every kind: images, chunks, variables, documents, inventories.
    private static func sample(of tree: FileTree) -> [String] {
        let files = tree.files.filter { !["/zarr.json", "/35VLH/zarr.json", "/35VLH/2024/zarr.json"].contains($0) }
        return files.enumerated().filter { $0.offset % 7 == 0 || !$0.element.contains("/c/") }.map(\.element)
    }

    private func reports(_ converter: Converter, _ made: String) async throws -> [UnitReport] {
        let format: DataFormat = converter == .cog ? .cog : converter == .zarr ? .zarr : .zipzarr
        let data = StoredTileYear(SyntheticArchive.tileYear, in: LocalStore(root: made))
        return try await format.layout.reports(
            by: UnitInspection(of: data, by: .checksum, on: BlockingExecutor(width: 2))
        )
    }

    @Test(arguments: [Converter.cog, .zarr])
    func aLostFileIsNamedAndMadeAgain(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await converter.run(from: safe, to: made)
            let whole = try FileTree(made)
            #expect(try await reports(converter, made).allSatisfy(\.isWhole))
            for file in Self.sample(of: whole) {
                try FileSystem.remove(made + file)
                let found = try await reports(converter, made).filter { !$0.isWhole }
                let isNamed = found.contains { report in
                    report.missing.contains { file.hasSuffix("/\($0)") } || report.reason != nil
                }
                #expect(isNamed && found.count == 1, "\(file)")
                #expect(try await converter.run(from: safe, to: made).failures == [], "\(file)")
                #expect(try FileTree(made).differences(from: whole) == [], "\(file)")
            }
        }
    }

    @Test(arguments: Converter.allCases)
    func aFlippedBitIsNamedAndMadeGood(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await converter.run(from: safe, to: made)
            let whole = try FileTree(made)
            let files = converter == .zipzarr ? Array(repeating: "/35VLH/2024.zip", count: 12) : Self.sample(of: whole)
            for (number, file) in files.enumerated() {
                var bytes = try FileSystem.contents(of: made + file)
                let place = bytes.count * (2 * number + 1) / (2 * files.count)
                bytes[place] ^= UInt8(1 << (number % 8))
                try AtomicFile.write(bytes, to: made + file)
                #expect(try await reports(converter, made).count { !$0.isWhole } > 0, "\(file) byte \(place)")
                let outcome = try await converter.run(from: safe, to: made, verification: .checksum)
                #expect(outcome.failures == [], "\(file) byte \(place)")
                #expect(try FileTree(made).differences(from: whole) == [], "\(file) byte \(place)")
            }
        }
    }

    /// Nobody can tell which dates it holds: it goes when its owner says so.
    @Test(arguments: [FileVerification.size, .checksum])
    func anArchiveThatCannotBeOpenedIsNotGivenUp(_ verification: FileVerification) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await Converter.zipzarr.run(from: safe, to: made)
            let whole = try FileTree(made)
            let archive = made + "/35VLH/2024.zip"
            try AtomicFile.write(try FileSystem.contents(of: archive).dropLast(40), to: archive)
            let damaged = try FileTree(made)
            let outcome = try await Converter.zipzarr.run(from: safe, to: made, verification: verification)
            #expect(outcome.failures.count == 1 && outcome.failures[0].contains("or remove it"), "\(outcome)")
            #expect(try FileTree(made).differences(from: damaged) == [])
            #expect(try await reports(.zipzarr, made).map(\.isUnreadable) == [true])
            try FileSystem.remove(archive)
            #expect(try await Converter.zipzarr.run(from: safe, to: made).failures == [])
            #expect(try FileTree(made).differences(from: whole) == [])
        }
    }

    /// A chunk too many is removed, a chunk that is cut short made again.
    @Test func whatDoesNotBelongIsFoundByNameAndSize() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let whole = try FileTree(made)
            let chunk = made + "/35VLH/2024/10m/data/c/0/0/1/1"
            let content = try FileSystem.contents(of: chunk)
            try AtomicFile.write(content.dropLast(), to: chunk)
            try FileSystem.createDirectories(made + "/35VLH/2024/10m/data/c/0/0/9")
            try AtomicFile.write(content, to: made + "/35VLH/2024/10m/data/c/0/0/9/9")
            try FileSystem.remove(made + "/35VLH/2024/20m/data/c/1")
            let found = try await reports(.zarr, made).filter { !$0.isWhole }
            #expect(found.first?.changed == ["data/c/0/0/1/1"] && found.first?.extra == ["data/c/0/0/9/9"])
            #expect(found.last?.missing.isEmpty == false)
            #expect(try await Converter.zarr.run(from: safe, to: made).failures == [])
            let left = try FileTree(made).differences(from: whole)
            #expect(left.isEmpty, "\(left)")
        }
    }

    /// A lost chunk is no nodata: whoever reads it is told.
    @Test func aLostChunkIsNotReadAsZeros() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<2, below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            try FileSystem.remove(made + "/35VLH/2024/10m/data/c/0/0/0/0")
            let place = CubePlace(store: LocalStore(root: made), path: "35VLH/2024")
            let cube = try #require(try place.vouchedCube(.r10))
            let region = [0..<2, 0..<4, 0..<8, 0..<8]
            var pixels = [UInt16](repeating: 0, count: cube.data.byteCount(of: region) / 2)
            let error = #expect(throws: PipelineError.self) {
                try pixels.withUnsafeMutableBytes { try cube.data.read(region: region, into: $0) }
            }
            #expect(error?.message.contains("data/c/0/0/0/0 is lost") == true)
        }
    }

    /// What an earlier version made has no inventories; the next run gives it some.
    @Test(arguments: [Converter.cog, .zarr])
    func dataWithoutInventoriesGetThem(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await converter.run(from: safe, to: made)
            let whole = try FileTree(made)
            for file in whole.files where file.hasSuffix("/" + Inventory.fileName) {
                try FileSystem.remove(made + file)
            }
            #expect(try await converter.run(from: safe, to: made) == JobOutcome(skipped: 3))
            #expect(try FileTree(made).differences(from: whole) == [])
            #expect(try FileTree(made).rewritten(since: whole).allSatisfy { !$0.contains("/data/c/") })
        }
    }

    /// A chunk whose product is gone cannot be made again, and says where it may be had.
    @Test func whatCannotBeMadeAgainIsSaid() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            let products = try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            try FileSystem.remove(made + "/35VLH/2024/10m/data/c/0/0/0/0")
            try FileSystem.remove(products[0].path)
            let outcome = try await Converter.zarr.run(from: safe, to: made)
            #expect(outcome.failures.count == 1)
            #expect(outcome.failures.first?.contains(products[0].name.identifier) == true)
            #expect(outcome.failures.first?.contains("s3-mirror --direction down") == true)
        }
    }
}
