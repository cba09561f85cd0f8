import TestSupport
import Testing

@testable import DatacubeStorage

/// What inventories say, and that `md5sum` understands it.
@Suite struct InventoryTests {
    @Test func textAndInventoryAreTheSame() throws {
        let inventory = Inventory([
            "data/c/0/0": .init(size: 5, md5: "5d41402abc4b2a76b9719d911017c592"),
            "zarr.json": .init(size: 0, md5: "d41d8cd98f00b204e9800998ecf8427e"),
        ])
        let text = """
            # 5
            5d41402abc4b2a76b9719d911017c592  data/c/0/0
            # 0
            d41d8cd98f00b204e9800998ecf8427e  zarr.json

            """
        #expect(inventory.text == Array(text.utf8))
        #expect(try Inventory(Array(text.utf8), path: "list") == inventory)
    }

    @Test(arguments: [
        "5d41402abc4b2a76b9719d911017c592  a\n", "# 5\n5d41402abc4b2a76b9719d911017c59  a\n",
        "# 5\n5D41402abc4b2a76b9719d911017c592  a\n", "# 5\n5d41402abc4b2a76b9719d911017c592  ../a\n",
        "# 5\n5d41402abc4b2a76b9719d911017c592  a", "# 5\n5d41402abc4b2a76b9719d911017c592  a\n# 5\n",
        "#(5\n5d41402abc4b2a76b9719d911017c592  a\n", "# 5\n# 5\n5d41402abc4b2a76b9719d911017c592  a\n",
        "# 5\n5d41402abc4b2a76b9719d911017c592 *a\n", "# -1\n5d41402abc4b2a76b9719d911017c592  a\n",
        "# 5\n5d41402abc4b2a76b9719d911017c592  a\n# 5\n5d41402abc4b2a76b9719d911017c592  a\n",
    ])
    func whatIsNoneIsRefused(_ text: String) {
        let error = #expect(throws: PipelineError.self) { try Inventory(Array(text.utf8), path: "list") }
        #expect(error?.code == .corrupt && error?.message.hasPrefix("list, line ") == true)
    }

    /// Lengths around a block's border, in numbers around that of the lanes, against libcrypto.
    @Test(arguments: [1, 2, 15, 16, 17, 40])
    func messagesInMemoryAreHashedSideBySide(_ count: Int) throws {
        let lengths = [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 34_815, 34_816, 34_817, 100_000]
        let messages = (0..<count).map { number in
            (0..<lengths[number % lengths.count]).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
        }
        let expected = try messages.map { message in
            var digest = try MessageDigest(.md5)
            message.withUnsafeBytes { digest.update($0) }
            return digest.bytes()
        }
        #expect(try MemoryDigests.md5(of: messages) == expected)
    }

    /// Every file of every unit, by coreutils' own program.
    @Test func coreutilsAgrees() async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link(0..<3, below: directory + "/safe")
            for converter in [Converter.cog, .zarr] {
                _ = try await converter.run(from: directory + "/safe", to: directory + "/made")
            }
            let script = """
                set -e; cd \(directory)/made
                for r in 10m 20m 60m; do (cd 35VLH/2024/$r; md5sum -c --strict --quiet data/checksums.md5
                    [ $(find . -type f | wc -l) = $(($(grep -vc '^#' data/checksums.md5) + 1)) ]); done
                for f in $(find 35 -name checksums.md5); do (cd $(dirname $f); md5sum -c --strict --quiet checksums.md5
                    [ $(ls | wc -l) = $(($(grep -vc '^#' checksums.md5) + 1)) ]); done
                """
            #expect(try Bash.output(of: script) == "")
        }
    }
}
