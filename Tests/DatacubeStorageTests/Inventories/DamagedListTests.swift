import TestSupport
import Testing

@testable import DatacubeStorage

/// An inventory rots like other files; it is made good by what it lists, whichever of its bytes is another one.
@Suite struct DamagedListTests {
    @Test(arguments: [Converter.cog, .zarr])
    func anyByteOfAnInventoryIsMadeGood(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<3, below: safe)
            _ = try await converter.run(from: safe, to: made)
            let whole = try FileTree(made)
            let lists = whole.files.filter { FileSystem.name(of: $0) == Inventory.fileName }
            for (number, place) in try Self.places(in: FileSystem.contents(of: made + lists[0])).enumerated() {
                let list = lists[number % lists.count]
                var bytes = try FileSystem.contents(of: made + list)
                bytes[place % bytes.count] ^= UInt8(1 << (number % 7))
                try AtomicFile.write(bytes, to: made + list)
                let outcome = try await converter.run(from: safe, to: made, verification: .checksum)
                #expect(outcome.failures == [], "\(list) byte \(place)")
                let left = try FileTree(made).differences(from: whole)
                #expect(left.isEmpty, "\(list) byte \(place): \(left)")
            }
        }
    }

    /// Of some lines the size, the MD5 and the name: of chunks, variables and documents.
    private static func places(in text: [UInt8]) -> [Int] {
        let starts = text.indices.filter { $0 == 0 || text[$0 - 1] == UInt8(ascii: "\n") }
        let lines = starts.enumerated().filter { $0.offset / 2 % 19 == 0 || starts.count < 20 }
        return lines.flatMap { number, start in
            number.isMultiple(of: 2) ? [start, start + 1, start + 2] : [start + 5, start + 33, start + 36, start + 44]
        }
    }
}
