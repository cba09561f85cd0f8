import Glibc
import Synchronization
import TestSupport
import Testing

@testable import DatacubeStorage

/// What the intake leaves on disk when the source is honest.
@Suite struct IntakeTests {
    @Test func productsArriveWholeWithTheirIndex() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            for product in fixture.products {
                let key = fixture.key(product)
                // As CDSE lists them; the last one has no slash at its end.
                for marker in ["/", "/AUX_DATA/", "/GRANULE/", "/DATASTRIP"] { fixture.source.put(key + marker, []) }
            }
            let outcome = try await fixture.run()
            #expect(outcome == JobOutcome(finished: 2))
            for product in fixture.products {
                #expect(try fixture.differences(product) == [])
                let fetched = try SAFEProduct(path: FileSystem.join(fixture.target, fixture.key(product)))
                #expect(try ProductImages(DescribedProduct(fetched)).isIndexed)
            }
            #expect(try FileTree(fixture.target).paths.filter { $0.contains(".partial") || $0.contains(".lock") } == [])
        }
    }

    @Test func whatIsThereIsNotFetchedAgain() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            _ = try await fixture.run()
            let (before, fetches) = (try FileTree(fixture.target), fixture.source.fetches.count)
            // A run that was killed between the product's name and the end.
            let target = FileSystem.join(fixture.target, fixture.key(fixture.products[0]))
            let lock = try TargetLock(path: fixture.target + "/.intake-35VLH-2024.lock", keepsWork: true)
            let folder = "\(lock.workFolder)/\(FileSystem.name(of: target)).partial"
            try FileSystem.createDirectories(folder)
            try AtomicFile.write([1], to: folder + "/listing.json")
            lock.release()
            #expect(try FileSystem.exists(folder))
            #expect(try await fixture.run() == JobOutcome(skipped: 2))
            #expect(fixture.source.fetches.count == fetches)
            #expect(try FileTree(fixture.target).differences(from: before) == [])
            #expect(try FileTree(fixture.target).rewritten(since: before) == [])
        }
    }

    /// Of a product that is not as its manifest lists it, what is lost or, if asked to look, damaged is fetched, and no more.
    @Test func whatAProductLostIsFetchedAgain() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            _ = try await fixture.run()
            let (before, fetches) = (try FileTree(fixture.target), fixture.source.fetches.count)
            let product = try SAFEProduct(path: FileSystem.join(fixture.target, fixture.key(fixture.products[0])))
            let (lost, damaged) = try (product.inventory().path(of: .b05), product.inventory().path(of: .b06))
            try FileSystem.remove(lost)
            #expect(try await fixture.run() == JobOutcome(finished: 1, skipped: 1))
            #expect(
                fixture.source.fetches.dropFirst(fetches).map { FileSystem.name(of: $0.path) }.contains(
                    "\(FileSystem.name(of: lost))"
                )
            )
            #expect(try FileTree(fixture.target).differences(from: before) == [])
            var bytes = try FileSystem.contents(of: damaged)
            bytes[bytes.count / 2] ^= 1
            try AtomicFile.write(bytes, to: damaged)
            #expect(try await fixture.run() == JobOutcome(skipped: 2))
            var settings = try fixture.settings()
            settings.verification = .checksum
            #expect(try await fixture.run(settings) == JobOutcome(finished: 1, skipped: 1))
            #expect(try FileTree(fixture.target).differences(from: before) == [])
            #expect(fixture.source.fetches.count < fetches + fetches / 2)
        }
    }

    @Test func filesOutsideTheManifestAreCheckedByTheSourcesOwnDigest() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            let key = fixture.key(fixture.products[0])
            fixture.source.put(key + "/HTML/banner_1.png", [1, 2, 3])
            fixture.source.put(key + "/HTML/banner_2.png", [1, 2, 3], tag: "0123-2")
            fixture.source.put(
                fixture.key(fixture.products[1]) + "/HTML/banner_1.png",
                [1],
                tag: String(repeating: "0", count: 32)
            )
            let outcome = try await fixture.run()
            #expect(outcome.finished == 1 && outcome.failures.count == 1)
            #expect(outcome.failures.joined().contains(fixture.products[1].name.identifier))
            #expect(try fixture.differences(fixture.products[0]) == ["/HTML/banner_1.png", "/HTML/banner_2.png"])
        }
    }

    @Test func itemsThatCannotBeFetchedAreNamed() async throws {
        let item = "{\"id\": \"S2A_MSIL2A_x\", \"properties\": {}}"
        let fault: @Sendable (Int, String) -> [LoopbackServer.Action]? = { number, _ in
            number == 0 ? [.answer(200, text: "{\"features\": [\(item)], \"links\": []}")] : nil
        }
        try await IntakeFixture.with(catalogueFault: fault) { (fixture: IntakeFixture) async throws in
            let outcome = try await fixture.run()
            #expect(outcome.status == .failed && outcome.failures.count == 1)
            #expect(outcome.failures.joined().contains("S2A_MSIL2A_x"))
        }
    }

    @Test func aDryRunOnlySays() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            #expect(try await fixture.run(fixture.settings(dryRun: true)).finished == 2)
            #expect(try FileTree(fixture.target).paths == [] && fixture.source.fetches.isEmpty)
        }
    }

    @Test(arguments: [1, 3]) func connectionsAreNeverExceeded(_ connections: Int) async throws {
        // The catalogue is another server; here its two connections come on top.
        try await IntakeFixture.with(fault: { _ in
            usleep(2000); return nil
        }) { (fixture: IntakeFixture) async throws in
            let settings = try fixture.settings(connections: connections)
            #expect(try await fixture.run(settings).finished == 2)
            #expect(fixture.source.mostOpen <= connections + 2)
            #expect(fixture.source.mostOpen >= connections)
        }
    }

    @Test func largeFilesComeFirstWhateverProductTheyAreOf() async throws {
        let larges = Atomic(0)
        // Until both large files were asked for, each other one takes longer than it takes to look at a product.
        try await IntakeFixture.with(fault: { request in
            if request.key.hasSuffix("large.png") {
                larges.add(1, ordering: .relaxed)
            } else if larges.load(ordering: .relaxed) < 2 {
                usleep(300_000)
            }
            return nil
        }) { (fixture: IntakeFixture) async throws in
            for product in fixture.products {
                fixture.source.put(fixture.key(product) + "/HTML/large.png", [UInt8](repeating: 1, count: 3 << 20))
            }
            #expect(try await fixture.run(fixture.settings(connections: 1)).finished == 2)
            let paths = fixture.source.fetches.map(\.path)
            let places = paths.indices.filter { paths[$0].hasSuffix("large.png") }
            // Some of the first product's other files may come while the second one is looked at.
            #expect(places.count == 2 && places[1] < paths.count / 4, "\(places) of \(paths.count)")
        }
    }

    @Test func aTileIsWorkedOnByOneRun() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            let lock = try TargetLock(path: fixture.target + "/.intake-35VLH-2024.lock")
            await #expect { try await fixture.run() } throws: { ($0 as? PipelineError)?.code == .locked }
            withExtendedLifetime(lock) {}
            #expect(fixture.source.requestCount == 0)
        }
    }

    @Test func daysAreAskedOnceUnlessTheirProductsAreGone() async throws {
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            let year = { try fixture.settings(.years(2024..<2025)) }
            _ = try await fixture.run(year())
            #expect(fixture.source.searches.count == 366)
            let bounds = try fixture.source.searches.map { request in
                let filter = try JSONValue(parsing: request.body, named: "search")["filter"]?["args"]
                return [1, 2].compactMap { filter?[$0]?["args"]?[1]?["timestamp"]?.stringValue }
            }.sorted { $0[0] < $1[0] }
            #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0[1] == $1[0] })
            #expect(bounds.first?[0] == "2024-01-01T00:00:00.000Z" && bounds.last?[1] == "2025-01-01T00:00:00.000Z")

            #expect(try await fixture.run(year()) == JobOutcome(skipped: 2))
            #expect(fixture.source.searches.count == 366)
            try FileSystem.remove(FileSystem.join(fixture.target, fixture.key(fixture.products[0])))
            #expect(try await fixture.run(year()) == JobOutcome(finished: 1, skipped: 1))
            #expect(fixture.source.searches.count == 367)
            #expect(try fixture.differences(fixture.products[0]) == [])
        }
    }

    @Test func daysThatMayStillGetProductsAreAskedAgain() throws {
        let now = try #require(Timestamp(iso8601: "2024-03-10T12:00:00Z"))
        let days = CatalogueInterval.days(of: 2024..<2026, now: now)
        #expect(days.count == 31 + 29 + 10)
        #expect(days.filter { !$0.isSettled(now) }.map(\.day).first == "2024-02-29")
    }
}
