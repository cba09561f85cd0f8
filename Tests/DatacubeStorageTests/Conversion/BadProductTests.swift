import DatacubeStorage
import Glibc
import TestSupport
import Testing

/// A bad product gets one line that names it; the others are converted as if it were not there.
@Suite struct BadProductTests {
    @Test(arguments: Converter.allCases, Damage.all)
    func isNamedInOneLineAndLeavesNothing(_ converter: Converter, _ damage: Damage) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            // The bad one is the third: one batch of two dates is complete before it.
            let bad = try await SyntheticArchive.link([0, 1, 2, 3], below: safe)[2]
            try damage.apply(bad)
            let outcome = try await converter.run(from: safe, to: made)
            #expect(outcome.finished == 3 && outcome.failures.count == 1 && outcome.status == .partial)
            let line = try #require(outcome.failures.first)
            for word in damage.words + [bad.name.identifier] { #expect(line.contains(word), "\(line)") }
            #expect(!line.contains("\n"))
            let expected = try await converter.tree(of: [0, 1, 3])
            #expect(try FileTree(made).differences(from: expected) == [])
        }
    }

    @Test(arguments: Converter.allCases)
    func isConvertedOnceItIsMended(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            let bad = try await SyntheticArchive.link([0, 1, 2, 4], below: safe)[1]
            try FileSystem.remove(bad.inventory().path(of: .b10))
            #expect(try await converter.run(from: safe, to: made).failures.count == 1)
            try FileSystem.remove(bad.path)
            try await SyntheticArchive.link([1], below: safe)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            #expect(try FileTree(made).differences(from: await converter.tree(of: [0, 1, 2, 4])) == [])
        }
    }

    @Test(arguments: Converter.allCases)
    func aloneItMakesTheRunFail(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let bad = try #require(try await SyntheticArchive.link([2], below: directory + "/safe").first)
            try FileSystem.remove(bad.inventory().path(of: .b01))
            let outcome = try await converter.run(from: directory + "/safe", to: directory + "/made")
            #expect(outcome.status == .failed && outcome.failures.count == 1)
            #expect(try !FileSystem.exists(directory + "/made"))
        }
    }

    /// All of a datacube's dates lie on one pixel grid; GeoTIFFs stand alone.
    @Test(arguments: Converter.allCases)
    func aProductOfAnotherExtentIsLeftOutOfTheCube(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.synthesize(dates: 1, extent: 96, below: safe)
            let odd = try #require(try SyntheticArchive.products(below: safe).first)
            try await SyntheticArchive.link([4, 5], below: safe)
            let outcome = try await converter.run(from: safe, to: made)
            guard converter != .cog else { return #expect(outcome == JobOutcome(finished: 3)) }
            #expect(outcome.finished == 2 && outcome.failures.count == 1)
            #expect(outcome.failures.allSatisfy { $0.contains(odd.name.identifier) && $0.contains("pixel grid") })
            #expect(try FileTree(made).differences(from: await converter.tree(of: [4, 5])) == [])
        }
    }

    /// What only informs is recorded as NaN; pixels and the rest are as if it were there.
    @Test(arguments: Converter.allCases)
    func aProductThatDoesNotSayItsAnglesEnters(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            let product = try await SyntheticArchive.link([0, 1], below: safe)[1]
            let path = try product.inventory().tileMetadataPath
            let text = String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
            let silent = text.replacing(/(<Mean_Viewing_Incidence_Angle bandId="9">\s*<ZENITH_ANGLE unit="deg">)[^<]*/)
            {
                "\($0.1)NaN"
            }
            #expect(silent != text)
            try AtomicFile.write(Array(silent.utf8), to: path)
            #expect(try await converter.run(from: safe, to: made) == JobOutcome(finished: 2))
            guard converter == .zarr else { return }
            let cube = try #require(try Cube.open(LocalStore(root: made), path: "35VLH/2024/60m"))
            #expect(cube.steps[1].viewZenith.map(\.isNaN) == [false, true, false])
            #expect(cube.steps[1].viewAzimuth.map(\.isNaN) == [false, false, false])
        }
    }

    /// One product of three lies 60 m east of the others; a later one 60 m east of the datacube.
    @Test func aProductInAnotherPlaceIsLeftOutOfTheCube() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            let odd = try await SyntheticArchive.link([0, 1, 2], below: safe)[0]
            try move(odd)
            let outcome = try await Converter.zarr.run(from: safe, to: made)
            #expect(outcome.finished == 2 && outcome.failures.count == 1)
            #expect(outcome.failures.allSatisfy { $0.contains(odd.name.identifier) && $0.contains("easting 300060") })
            #expect(try FileTree(made).differences(from: await Converter.zarr.tree(of: [1, 2])) == [])
            for product in try SyntheticArchive.products(below: safe) { try FileSystem.remove(product.path) }
            for product in try await SyntheticArchive.link([3, 4], below: safe).prefix(2) { try move(product) }
            try await SyntheticArchive.link([5], below: safe)
            let later = try await Converter.zarr.run(from: safe, to: made)
            #expect(later.finished == 1 && later.failures.count == 2)
            #expect(try FileTree(made).differences(from: await Converter.zarr.tree(of: [1, 2, 5])) == [])
        }
    }

    private func move(_ product: SAFEProduct) throws {
        let path = try product.inventory().tileMetadataPath
        let text = String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
        try AtomicFile.write(Array(text.replacing("<ULX>300000<", with: "<ULX>300060<").utf8), to: path)
    }

    @Test(
        arguments: Converter.allCases,
        ["notes.SAFE", "S2A_MSIL2A_20240611T095031_N0510_R079_T35VLH_20240611T103102.SAFE"]
    )
    func aFolderThatIsNoProductIsNamed(_ converter: Converter, _ name: String) async throws {
        try await withTemporaryDirectory { directory in
            try await SyntheticArchive.link([0], below: directory + "/safe")
            try FileSystem.createDirectories("\(directory)/safe/\(name)/GRANULE")
            let outcome = try await converter.run(from: directory + "/safe", to: directory + "/made")
            #expect(outcome.finished == 1 && outcome.failures.count == 1)
            #expect(outcome.failures.allSatisfy { $0.contains(name) })
        }
    }

    @Test(.disabled(if: geteuid() == 0, "root may read everything"), arguments: Converter.allCases)
    func aFolderThatMayNotBeReadIsNamed(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let closed = try await SyntheticArchive.link([0, 1], below: directory + "/safe")[1]
            let folder = FileSystem.parent(of: closed.path)
            chmod(folder, 0)
            defer { chmod(folder, 0o755) }
            let outcome = try await converter.run(from: directory + "/safe", to: directory + "/made")
            #expect(outcome.finished == 1 && outcome.failures.count == 1)
            #expect(outcome.failures.allSatisfy { $0.contains(folder) && $0.contains("permission denied") })
        }
    }

    @Test(arguments: Converter.allCases)
    func anAbsentSourceIsAnError(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let error = await #expect(throws: PipelineError.self) {
                try await converter.run(from: directory + "/absent", to: directory + "/made")
            }
            #expect(error?.code == .notFound && error?.message.contains("/absent") == true)
        }
    }

    /// Real metadata of 10980 pixels beside bands downsampled to 439, and a product of which one band was fetched.
    @Test(.enabled(if: Fixtures.exist, "the real Sentinel-2 files are not here"), arguments: Converter.allCases)
    func realProductsThatAreNotWholeAreRefused(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let outcome = try await converter.run(from: Fixtures.path("safe"), to: directory + "/made")
            #expect(outcome.finished == 0 && outcome.failures.count == 3 && outcome.status == .failed)
            let lines = outcome.failures.sorted()
            #expect(lines.contains { $0.contains("1 product packed as .SAFE.zip") && $0.contains("T46UEU") })
            #expect(lines.contains { $0.contains("T31TDH") && $0.contains("lacks B02 B03 B04") })
            #expect(
                lines.contains { $0.contains("T56JMM") && $0.contains("it must have 1830 x 1830 at 60m by MTD_TL.xml") }
            )
            #expect(try !FileSystem.exists(directory + "/made"))
        }
    }
}
