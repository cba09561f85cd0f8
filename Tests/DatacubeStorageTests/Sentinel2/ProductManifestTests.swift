import DatacubeStorage
import Testing

@Suite struct ProductManifestTests {
    private static func manifest(_ href: String, _ name: String, _ digest: String, size: String = "3") -> [UInt8] {
        let location = "<fileLocation href=\"\(href)\"/><checksum checksumName=\"\(name)\">\(digest)</checksum>"
        let object = "<dataObject ID=\"x\"><byteStream size=\"\(size)\">\(location)</byteStream></dataObject>"
        return Array("<XFDU><dataObjectSection>\(object)</dataObjectSection></XFDU>".utf8)
    }

    @Test func entriesOfAllKindsAreRead() throws {
        let md5 = try ProductManifest(Self.manifest("./a/b", "MD5", String(repeating: "aB", count: 16)), path: "m")
        #expect(md5.entries.map(\.path) == ["a/b"] && md5.entries.map(\.algorithm) == [.md5])
        #expect(md5.entries[0].digest == String(repeating: "ab", count: 16) && md5.entries[0].size == 3)
        let sha = try ProductManifest(Self.manifest("c", "SHA3-256", String(repeating: "0F", count: 32)), path: "m")
        #expect(sha.entries[0].path == "c" && sha.entries[0].algorithm == .sha3_256)
    }

    @Test(
        arguments: [
            manifest("../x", "MD5", String(repeating: "a", count: 32)),
            manifest("/x", "MD5", String(repeating: "a", count: 32)),
            manifest("x", "MD5", String(repeating: "a", count: 64)),
            manifest("x", "SHA3-256", String(repeating: "x", count: 64)), manifest("x", "CRC", "aa"),
            manifest("x", "MD5", String(repeating: "a", count: 32), size: "-1"), Array("<XFDU/>".utf8),
        ]
    )
    func nonsenseIsRefused(_ bytes: [UInt8]) {
        #expect { try ProductManifest(bytes, path: "m") } throws: { "\($0)".contains("m") && $0 is PipelineError }
    }

    @Test(.enabled(if: Fixtures.exist)) func realManifestsAreRead() throws {
        let folder = Fixtures.path("manifests")
        let names = try FileSystem.list(folder).filter { $0.hasSuffix(".safe") }
        #expect(!names.isEmpty)
        for name in names {
            let path = FileSystem.join(folder, name)
            #expect(try ProductManifest(FileSystem.contents(of: path), path: path).entries.count >= 59)
        }
    }
}
