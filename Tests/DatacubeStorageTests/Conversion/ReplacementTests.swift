import Glibc
import TestSupport
import Testing

@testable import DatacubeStorage

/// Dates that a cube has stay, whatever happens to their sources, until what takes their place is known to be whole.
@Suite struct ReplacementTests {
    /// Earlier dates arrive when the products of the others are damaged, or gone.
    @Test(arguments: [Converter.zarr, .zipzarr], [true, false])
    func datesOfTheCubeAreTakenFromTheCube(_ converter: Converter, _ isDamaged: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            let products = try await SyntheticArchive.link([2, 3, 4], below: safe)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            if isDamaged { try damage(products[1]) } else { try FileSystem.remove(products[1].path) }
            try await SyntheticArchive.link([0], below: safe)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            let expected = try await converter.tree(of: [0, 2, 3, 4])
            #expect(try FileTree(made).differences(from: expected) == [])
        }
    }

    /// A later processing whose pixels, or whose header, are damaged replaces nothing; mended, it does.
    @Test(arguments: Converter.allCases, [true, false])
    func theEarlierProcessingStaysUntilItsSuccessorIsWhole(_ converter: Converter, _ isInside: Bool) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.synthesize(dates: 2, baseline: "03.01", below: safe)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            let old = try FileTree(made)
            try await SyntheticArchive.synthesize(dates: 2, baseline: "05.10", below: safe)
            let later = try SyntheticArchive.products(below: safe).filter { $0.name.baseline == 510 }
            for product in later {
                if isInside { try damage(product) } else { try FileSystem.remove(product.inventory().path(of: .b05)) }
            }
            let outcome = try await converter.run(from: safe, to: made)
            #expect(outcome.failures.count == 2 && outcome.status == .partial, "\(outcome)")
            #expect(try FileTree(made).differences(from: old) == [])
            for product in later { try FileSystem.remove(product.path) }
            try await SyntheticArchive.synthesize(dates: 2, baseline: "05.10", below: safe)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            _ = try await converter.run(from: safe, to: directory + "/again")
            #expect(try FileTree(made).differences(from: FileTree(directory + "/again")) == [])
        }
    }

    /// A processing whose predecessor cannot be looked into waits: a cube never has both.
    @Test(arguments: [Converter.zarr, .zipzarr])
    func aProcessingWaitsForItsPredecessorToBeReadable(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.synthesize(dates: 2, baseline: "03.01", below: safe)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            let old = try FileTree(made)
            let earlier = try #require(try SyntheticArchive.products(below: safe).first)
            try await SyntheticArchive.synthesize(dates: 1, baseline: "05.10", below: safe)
            let document = earlier.productMetadataPath
            let content = try FileSystem.contents(of: document)
            try AtomicFile.write([], to: document)
            #expect(try await converter.run(from: safe, to: made).status == .partial)
            #expect(try FileTree(made).differences(from: old) == [])
            try AtomicFile.write(content, to: document)
            #expect(try await converter.run(from: safe, to: made).failures == [])
            _ = try await converter.run(from: safe, to: directory + "/again")
            #expect(try FileTree(made).differences(from: FileTree(directory + "/again")) == [])
        }
    }

    /// The earlier processing does not come back when the later one is damaged after it was converted.
    @Test(arguments: Converter.allCases)
    func aConvertedProcessingStaysWhenItsProductIsDamagedLater(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            for baseline in ["03.01", "05.10"] {
                try await SyntheticArchive.synthesize(dates: 2, baseline: baseline, below: safe)
            }
            #expect(try await converter.run(from: safe, to: made).failures == [])
            let converted = try FileTree(made)
            for product in try SyntheticArchive.products(below: safe) where product.name.baseline == 510 {
                try FileSystem.remove(product.inventory().path(of: .b05))
            }
            #expect(try await converter.run(from: safe, to: made).failures.count == 2)
            #expect(try FileTree(made).differences(from: converted) == [])
        }
    }

    /// A run that was killed when all was gathered is ended by the next one, without any of the sources but one.
    @Test func whatIsReadyIsBroughtToItsPlaceByTheNextRun() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link([2, 3], below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            try await SyntheticArchive.link([0], below: safe)
            let expected = try await Converter.zarr.tree(of: [0, 2, 3])
            let store = LocalStore(root: made)
            let executor = BlockingExecutor(width: 2)
            let products = try await TileYearProducts.read(
                SyntheticArchive.products(below: safe),
                on: executor,
                log: .silent
            )
            // As a run does, up to the note that all is there.
            let lock = try TargetLock(path: Converter.zarr.lock(below: made), keepsWork: true)
            let cubes = CubePlace(store: store.locked(by: lock), path: "35VLH/2024")
            let replacement = try CubeReplacement(of: cubes, chunking: Converter.smallChunks, under: lock)
            try await TileYearConversion(
                SyntheticArchive.tileYear,
                place: replacement.place,
                previous: replacement.previous,
                source: ConversionSource(products),
                chunking: Converter.smallChunks,
                executor: executor
            ).run(progress: Progress("", total: 0, unit: .pixels, style: .hidden, log: .silent), log: .silent)
            let before = try Cube.open(store, path: "35VLH/2024/10m")
            #expect(before?.steps.count == 2, "nothing changed so far")
            try GatheredChanges(under: lock).markReady()
            try FileSystem.remove(made + "/35VLH/2024/10m/zarr.json")
            lock.release()
            for product in try SyntheticArchive.products(below: safe).dropFirst() {
                try FileSystem.remove(product.path)
            }
            #expect(try await Converter.zarr.run(from: safe, to: made).failures == [])
            #expect(try FileTree(made).differences(from: expected) == [])
        }
    }

    /// The product opens, and only the decoder can tell that it is damaged.
    private func damage(_ product: SAFEProduct) throws {
        try #require(Damage.all.first { $0.testDescription == "a tile's header is damaged" }).apply(product)
    }
}
