import DatacubeStorage
import Synchronization
import TestSupport
import Testing

/// Whatever the source does, the intake ends in verified bytes or a named failure.
@Suite struct IntakeFaultTests {
    private static let band = "_B02.jp2"

    /// Ends in the bytes of the archive, for both products.
    private func expectRecovery(stall: Int = 30, _ fault: @escaping ProductSource.Fault) async throws {
        try await IntakeFixture.with(fault: fault) { fixture in
            let outcome = try await fixture.run(fixture.settings(stall: stall))
            #expect(outcome == JobOutcome(finished: 2), "\(outcome.failures)")
            for product in fixture.products { #expect(try fixture.differences(product) == []) }
            #expect(try FileTree(fixture.target).paths.allSatisfy { !$0.contains(".partial") })
        }
    }

    /// Ends with the first product named and not visible, and the second one whole.
    private func expectFailure(
        _ words: String,
        fault: @escaping ProductSource.Fault = { _ in nil },
        prepare: (IntakeFixture) throws -> Void
    ) async throws {
        try await IntakeFixture.with(fault: fault) { fixture in
            try prepare(fixture)
            let outcome = try await fixture.run()
            #expect(outcome.finished == 1 && outcome.status == .partial)
            #expect(outcome.failures.count == 1)
            let (bad, good) = (fixture.products[0], fixture.products[1])
            #expect(
                outcome.failures.joined().contains(bad.name.identifier) && outcome.failures.joined().contains(words)
            )
            #expect(try fixture.visibleProducts() == [good.name.identifier])
            #expect(try fixture.differences(good) == [])
        }
    }

    @Test(arguments: 1...9) func brokenConnections(_ tenths: Int) async throws {
        try await expectRecovery { exchange in
            guard exchange.number == 0, exchange.body.count >= 10 else { return nil }
            return [exchange.answer(Array(exchange.body.prefix(exchange.body.count * tenths / 10))), .reset]
        }
    }

    @Test func bodiesShorterThanAnnounced() async throws {
        try await expectRecovery { exchange in
            guard exchange.number == 0, exchange.body.count > 1 else { return nil }
            return [exchange.answer(exchange.body.dropLast()), .close]
        }
    }

    @Test func bodiesLongerThanAnnounced() async throws {
        try await expectRecovery { exchange in
            guard exchange.key.hasSuffix(Self.band), exchange.number == 0 else { return nil }
            return [exchange.answer(exchange.body + [0, 0, 0]), .close]
        }
    }

    @Test func objectsLongerThanListed() async throws {
        try await expectRecovery { exchange in
            guard exchange.key.hasSuffix(Self.band), exchange.number == 0 else { return nil }
            let size = exchange.body.count + 3
            let fields = ["Content-Range": "bytes 0-\(size - 1)/\(size)", "Content-Length": "\(size)"]
            return [.answer(206, fields, exchange.body + [0, 0, 0])]
        }
    }

    @Test(arguments: [Self.band, "manifest.safe", "MTD_MSIL1C.xml"]) func flippedBytes(_ ending: String) async throws {
        try await expectRecovery { exchange in
            guard exchange.key.hasSuffix(ending), exchange.number == 0 else { return nil }
            return [exchange.answer(exchange.body.flipped)]
        }
    }

    @Test func storms() async throws {
        try await expectRecovery { $0.number < 4 ? [.answer(503, ["Retry-After": "0"])] : nil }
    }

    @Test func stalls() async throws {
        try await expectRecovery(stall: 1) { exchange in
            guard exchange.key.hasSuffix(Self.band), exchange.number == 0 else { return nil }
            return [exchange.answer(Array(exchange.body.prefix(1000))), .wait(3), .close]
        }
    }

    @Test func forbiddenForAMoment() async throws {
        try await expectRecovery { exchange in
            exchange.number < 2 ? [.answer(403, text: "<Error><Code>AccessDenied</Code></Error>")] : nil
        }
    }

    @Test func objectsReplacedByTheSameContent() async throws {
        let source = Mutex<ProductSource?>(nil)
        let fault: ProductSource.Fault = { exchange in
            guard exchange.key.hasSuffix(Self.band), exchange.number == 0 else { return nil }
            // Uploaded again, in parts, while it is fetched.
            source.withLock { $0?.put(exchange.key, exchange.body, tag: "0123-2") }
            return [exchange.answer(Array(exchange.body.prefix(500))), .reset]
        }
        try await IntakeFixture.with(fault: fault) { (fixture: IntakeFixture) async throws in
            source.withLock { $0 = fixture.source }
            #expect(try await fixture.run() == JobOutcome(finished: 2))
            for product in fixture.products { #expect(try fixture.differences(product) == []) }
        }
    }

    @Test func objectsReplacedByOtherContent() async throws {
        try await expectFailure("mismatch: ") { fixture in
            let (key, bytes) = try fixture.source.object(Self.band)
            fixture.source.put(key, bytes.flipped)
        }
    }

    @Test func bytesThatStayWrong() async throws {
        let first = Mutex("")
        let fault: ProductSource.Fault = { exchange in
            guard exchange.key == first.withLock({ $0 }) else { return nil }
            return [exchange.answer(exchange.body.flipped)]
        }
        try await expectFailure("does not have the SHA3-256 that manifest.safe gives", fault: fault) { fixture in
            let key = try fixture.source.object(Self.band).key
            first.withLock { $0 = key }
        }
    }

    @Test func manifestsThatNameAMissingFile() async throws {
        try await expectFailure("_B02.jp2, which is not at the source") { fixture in
            fixture.source.remove(try fixture.source.object(Self.band).key)
        }
    }

    @Test func objectsOfAnotherSizeThanTheManifestSays() async throws {
        try await expectFailure("the product is damaged there") { fixture in
            let (key, bytes) = try fixture.source.object(Self.band)
            fixture.source.put(key, bytes.dropLast())
        }
    }

    @Test(arguments: ["/../../outside", "//etc/passwd", "/a/./b", "/GRANULE/../MTD"])
    func keysThatLeaveTheProduct(_ ending: String) async throws {
        try await expectFailure("would leave its store") { fixture in
            fixture.source.put(fixture.key(fixture.products[0]) + ending, [1])
        }
    }

    @Test func productsWithoutManifest() async throws {
        try await expectFailure("there is no manifest.safe") { fixture in
            fixture.source.remove(try fixture.source.object("manifest.safe").key)
        }
    }

    @Test func productsWithoutFiles() async throws {
        try await expectFailure("there are no files at") { fixture in
            let key = fixture.key(fixture.products[0])
            for path in try FileTree(fixture.products[0].path).files { fixture.source.remove(key + path) }
            fixture.source.put(key + "/", [])
        }
    }

    @Test func anObjectThatTheSourceCannotReadCostsItsProductOnly() async throws {
        let first = Mutex("")
        let fault: ProductSource.Fault = { exchange in
            exchange.key == first.withLock { $0 } ? [.answer(500)] : nil
        }
        try await expectFailure("unavailable: ", fault: fault) { fixture in
            let key = try fixture.source.object(Self.band).key
            first.withLock { $0 = key }
        }
    }

    @Test func refusedKeysEndTheRunAtOnce() async throws {
        let refusing = try LoopbackServer { _, _ in
            [.answer(403, text: "<Error><Code>SignatureDoesNotMatch</Code></Error>")]
        }
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            let settings = try fixture.settings(url: refusing.url)
            await #expect { try await fixture.run(settings) } throws: { error in
                (error as? PipelineError)?.code == .denied && !"\(error)".contains("SECRET")
            }
            // Two products are under way at most.
            #expect(refusing.requests.count <= 4)
        }
    }

    @Test func aSourceThatIsGoneEndsTheRun() async throws {
        let closed = try LoopbackServer { _, _ in [.reset] }
        try await IntakeFixture.with { (fixture: IntakeFixture) async throws in
            let settings = try fixture.settings(url: closed.url)
            await #expect { try await fixture.run(settings) } throws: { ($0 as? PipelineError)?.code == .unavailable }
            #expect(try fixture.visibleProducts() == [])
        }
    }

    @Test func aCatalogueThatIsGoneEndsTheRun() async throws {
        let fault: @Sendable (Int, String) -> [LoopbackServer.Action]? = { number, _ in
            number < 5 ? nil : [.answer(500), .close]
        }
        try await IntakeFixture.with(catalogueFault: fault) { (fixture: IntakeFixture) async throws in
            let year = try fixture.settings(.years(2024..<2025))
            await #expect { try await fixture.run(year) } throws: { ($0 as? PipelineError)?.code == .unavailable }
            // What was asked before is remembered.
            #expect(try FileSystem.exists(fixture.target + "/.intake-35VLH-2024.json"))
        }
    }

    @Test func aDayWithANonsensicalAnswerIsNamedAndAskedAgain() async throws {
        let looping = "{\"features\": [], \"links\": [{\"rel\": \"next\", \"body\": {\"token\": \"same\"}}]}"
        let fault: @Sendable (Int, String) -> [LoopbackServer.Action]? = { number, body in
            number < 300 && body.contains("2024-03-01T00") ? [.answer(200, text: looping)] : nil
        }
        try await IntakeFixture.with(catalogueFault: fault) { (fixture: IntakeFixture) async throws in
            let outcome = try await fixture.run(fixture.settings(.years(2024..<2025)))
            // The day before ends where that one begins.
            #expect(outcome.failures.count == 2 && outcome.failures.allSatisfy { $0.contains("go in a circle") })
            #expect(outcome.finished == 2 && outcome.status == .partial)
            let searches = fixture.source.searches.count
            #expect(try await fixture.run(fixture.settings(.years(2024..<2025))) == JobOutcome(skipped: 2))
            #expect(fixture.source.searches.count == searches + 2)
        }
    }
}

extension [UInt8] {
    /// One bit in the middle is another one.
    fileprivate var flipped: [UInt8] {
        var bytes = self
        bytes[count / 2] ^= 1
        return bytes
    }
}
