import TestSupport
import Testing

@testable import DatacubeStorage

/// Which processing of an acquisition each source holds, and whether it should.
@Suite struct VerifiedProcessingsTests {
    /// Two dates, processed twice; what is made of them lies in `cog` and `zarr`.
    private struct Site {
        let directory: String
        var safe: String { directory + "/safe" }

        func synthesize(_ baseline: String) async throws {
            try await SyntheticArchive.synthesize(dates: 2, baseline: baseline, below: safe)
        }

        func convert(_ converters: [Converter] = [.cog, .zarr]) async throws {
            for converter in converters { _ = try await converter.run(from: safe, to: "\(directory)/\(converter)") }
        }

        func products(_ baseline: Int) throws -> [SAFEProduct] {
            try SyntheticArchive.products(below: safe).filter { $0.name.baseline == baseline }
        }

        func verify() async throws -> JobOutcome {
            let formats: [(DataFormat, String)] = [
                (.safe, safe), (.cog, "\(directory)/cog"), (.zarr, "\(directory)/zarr"),
            ]
            let places = formats.map {
                PatchSelection.Place(storage: .network, format: $0, store: LocalStore(root: $1))
            }
            let settings = VerificationJob.Settings(
                selection: PatchSelection(places: places),
                options: RunOptions(jobs: 2)
            )
            return try await VerificationJob(settings, log: .silent).run()
        }
    }

    private func expect(_ line: String?, says words: String...) {
        for word in words { #expect(line?.contains(word) == true, "\(word) is missing in \(line ?? "no line")") }
    }

    /// The later processing came and is whole, and is not converted yet.
    @Test func anEarlierProcessingIsToBeConvertedAnew() async throws {
        try await withTemporaryDirectory { directory in
            let site = Site(directory: directory)
            try await site.synthesize("03.01")
            try await site.convert()
            #expect(try await site.verify() == JobOutcome(finished: 2))
            try await site.synthesize("05.10")
            try await site.convert([.cog])
            let outcome = try await site.verify()
            let (old, new) = (try site.products(301), try site.products(510))
            #expect(outcome.status == .partial, "\(outcome)")
            let line = outcome.failures.first
            for product in old + new { expect(line, says: product.name.identifier) }
            expect(line, says: "network zarr holds earlier", "2 in all", "safe2zarr --layout zarr", "--tile_id 35VLH")
            #expect(!outcome.failures.contains { $0.contains("network cog holds") })
            try await site.convert([.zarr])
            #expect(try await site.verify() == JobOutcome(finished: 2))
        }
    }

    /// The later one is damaged, so that the formats rightly hold the earlier one, which is compared.
    @Test(arguments: [true, false]) func aDamagedProductIsNamedAndItsPredecessorCompared(_ isInside: Bool) async throws
    {
        try await withTemporaryDirectory { directory in
            let site = Site(directory: directory)
            try await site.synthesize("03.01")
            try await site.convert()
            try await site.synthesize("05.10")
            for product in try site.products(510) { try damage(product, inside: isInside) }
            try await site.convert()
            let outcome = try await site.verify()
            #expect(outcome.finished == 2 && outcome.status == .partial, "\(outcome)")
            #expect(outcome.failures.count == 2, "\(outcome.failures)")
            for (line, pair) in zip(outcome.failures, zip(try site.products(510), try site.products(301))) {
                expect(line, says: "corrupt: network safe: \(pair.0.name.identifier)")
                expect(line, says: "\(pair.1.name.identifier), which is of the same data, is used instead")
                expect(line, says: "s2-intake-year --verify checksum --tile_id 35VLH")
            }
        }
    }

    /// Without the predecessor there is nothing to compare of that date.
    @Test func aDamagedProductAloneIsNamed() async throws {
        try await withTemporaryDirectory { directory in
            let site = Site(directory: directory)
            try await site.synthesize("03.01")
            try await site.convert()
            try await site.synthesize("05.10")
            let (old, new) = (try site.products(301)[0], try site.products(510))
            try damage(new[0], inside: false)
            try FileSystem.remove(old.path)
            try FileSystem.remove(new[1].path)
            let outcome = try await site.verify()
            #expect(outcome.finished == 2 && outcome.failures.count == 1, "\(outcome)")
            expect(outcome.failures.first, says: new[0].name.identifier, "lacks B05", "it is not compared")
        }
    }

    /// The later one was converted while it was whole.
    @Test func aLaterProcessingThanTheWholeProductIsTold() async throws {
        try await withTemporaryDirectory { directory in
            let site = Site(directory: directory)
            for baseline in ["03.01", "05.10"] { try await site.synthesize(baseline) }
            try await site.convert()
            #expect(try await site.verify() == JobOutcome(finished: 2))
            let (old, new) = (try site.products(301)[0], try site.products(510)[0])
            try damage(new, inside: false)
            let outcome = try await site.verify()
            #expect(outcome.finished == 2 && outcome.failures.count == 3, "\(outcome)")
            expect(outcome.failures.first, says: "network safe: \(new.name.identifier)", "lacks B05")
            for (line, name) in zip(outcome.failures.dropFirst(), ["network cog", "network zarr"]) {
                expect(line, says: "\(name) holds later processings", "s2-intake-year")
                expect(line, says: "\(new.name.identifier) where \(old.name.identifier) is in network safe")
            }
        }
    }

    /// The product was converted while it was whole; what was made of it is not to blame, and other dates are compared.
    @Test(arguments: ["a tile's header is damaged", "pixels"])
    func aProductWhosePixelsAreDamagedIsNamed(_ damage: String) async throws {
        try await withTemporaryDirectory { directory in
            let site = Site(directory: directory)
            try await site.synthesize("05.10")
            try await site.convert()
            let product = try site.products(510)[1]
            if damage == "pixels" {
                let path = try product.inventory().path(of: .b05)
                var bytes = try FileSystem.contents(of: path)
                bytes[bytes.count * 2 / 3] ^= 0xFF
                try AtomicFile.write(bytes, to: path)
            } else {
                try #require(Damage.all.first { $0.testDescription == damage }).apply(product)
            }
            let outcome = try await site.verify()
            #expect(outcome.failures.count == 1 && outcome.finished == 2, "\(outcome)")
            let words = [
                "corrupt: network safe: \(product.name.identifier)", "fetch the product again", "s2-intake-year",
            ]
            for word in words { expect(outcome.failures.first, says: word) }
        }
    }

    /// A run that was killed may leave both.
    @Test func whatALaterProcessingReplacesIsTold() async throws {
        try await withTemporaryDirectory { directory in
            let site = Site(directory: directory)
            try await site.synthesize("03.01")
            try await site.convert([.cog])
            let old = try site.products(301)[0].name
            try SyntheticArchive.linkTree("\(directory)/cog/\(COGLayout.key(of: old))", to: directory + "/kept")
            try await site.synthesize("05.10")
            try await site.convert()
            try SyntheticArchive.linkTree(directory + "/kept", to: "\(directory)/cog/\(COGLayout.key(of: old))")
            let outcome = try await site.verify()
            #expect(outcome.finished == 2 && outcome.failures.count == 1, "\(outcome)")
            expect(outcome.failures.first, says: "network cog holds what later processings replace", old.identifier)
        }
    }

    private func damage(_ product: SAFEProduct, inside: Bool) throws {
        let name = inside ? "a tile's header is damaged" : "a band is missing"
        try #require(Damage.all.first { $0.testDescription == name }).apply(product)
    }
}
