import Glibc
import Testing

@testable import DatacubeStorage

/// Walks neither leave a folder by a symbolic link nor go round in circles.
@Suite struct SymbolicLinkTests {
    private static let product = "S2A_MSIL1C_20240102T095037_N0510_R079_T35VLH_20240102T123037.SAFE"

    /// A folder that holds a link to itself, one to a folder outside, one to a file there, and one to nothing.
    private func with(_ body: (_ root: String, _ outside: String) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let (root, outside) = (directory + "/root", directory + "/outside")
            for folder in [root + "/a", outside] { try FileSystem.createDirectories(folder) }
            let links = [(".", "a/loop"), (outside, "far"), (outside + "/file", "file"), ("nowhere", "dangling")]
            try AtomicFile.write([1, 2, 3], to: outside + "/file")
            for (target, name) in links { try #require(symlink(target, "\(root)/\(name)") == 0) }
            try body(root, outside)
        }
    }

    @Test func aStatusTellsOfTheLinkOrOfWhatItLeadsTo() throws {
        try with { (root: String, _: String) throws in
            #expect(try FileSystem.status(root + "/far")?.kind == .directory)
            #expect(try FileSystem.status(root + "/file")?.size == 3)
            for name in ["far", "file", "dangling", "a/loop"] {
                #expect(try FileSystem.linkStatus("\(root)/\(name)")?.kind == .link)
            }
            #expect(try FileSystem.status(root + "/dangling") == nil)
            #expect(try FileSystem.linkStatus(root + "/nowhere") == nil)
        }
    }

    @Test func leftoversBeyondALinkStay() throws {
        try with { (root: String, outside: String) throws in
            let leftovers = [root, root + "/a", outside].map { $0 + "/.x.1.partial" }
            for path in leftovers { try AtomicFile.write([1], to: path) }
            try #require(symlink(outside, root + "/.link.partial") == 0)
            try AtomicFile.removeLeftovers(below: root)
            #expect(try leftovers.map { try FileSystem.exists($0) } == [false, false, true])
            #expect(try FileSystem.list(root) == ["a", "dangling", "far", "file"])
            #expect(try FileSystem.list(outside) == [".x.1.partial", "file"])
        }
    }

    @Test func aStoreListsWhatIsInIt() throws {
        try with { (root: String, outside: String) throws in
            let store = LocalStore(root: root)
            try store.put("a/object", [1], durability: .deferred)
            #expect(try store.list("").map(\.key) == ["a/object", "file"])
            #expect(try store.list("a/").map(\.key) == ["a/object"])
            #expect(try store.size(of: "file") == 3)
            // The root itself may be a link: that is how the user named it.
            try #require(symlink(root, outside + "/store") == 0)
            #expect(try LocalStore(root: outside + "/store").list("").map(\.key) == ["a/object", "file"])
        }
    }

    @Test func productsAreSearchedInTheFolderAlone() throws {
        try with { (root: String, outside: String) throws in
            for folder in [root + "/a", outside] { try FileSystem.createDirectories("\(folder)/\(Self.product)") }
            let linked = Self.product.replacing("S2A", with: "S2B")
            try #require(symlink("\(outside)/\(Self.product)", "\(root)/\(linked)") == 0)
            let folder = try ProductFolder(root: root)
            #expect(folder.products.values.flatMap { $0.map(\.name.identifier) }.count == 1)
            #expect(folder.refusals.map(\.code) == [.unsupported, .unsupported, .unsupported])
            for (refusal, name) in zip(folder.refusals, [linked, "a/loop", "far"]) {
                #expect(refusal.message.hasPrefix("\(root)/\(name) is a symbolic link to a folder"))
            }
            try #require(symlink(root + "/a", outside + "/products") == 0)
            #expect(try ProductFolder(root: outside + "/products").products.count == 1)
        }
    }
}
