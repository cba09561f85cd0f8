import DatacubeStorage
import Synchronization
import TestSupport
import Testing

/// An intake that was interrupted goes on where it stopped.
@Suite struct IntakeResumptionTests {
    /// A fixture whose first run is cancelled while the first half of a band is on disk.
    private func afterInterruption(_ body: (IntakeFixture, _ key: String, _ offset: Int) async throws -> Void)
        async throws
    {
        let stopping = Mutex(true)
        let fault: ProductSource.Fault = { exchange in
            guard exchange.key.hasSuffix("_B02.jp2"), stopping.withLock({ $0 }) else { return nil }
            return [exchange.answer(Array(exchange.body.prefix(exchange.body.count / 2))), .wait(600)]
        }
        try await IntakeFixture.with(fault: fault) { fixture in
            let settings = try fixture.settings()
            let ended = Mutex(false)
            let run = Task {
                defer { ended.withLock { $0 = true } }
                return try await fixture.run(settings)
            }
            let (key, bytes) = try fixture.source.object("_B02.jp2")
            let half = bytes.count / 2
            // However long that takes on a busy machine; a folder may get another name while it is looked through.
            while (try? partialBandSize(in: fixture.target)) ?? 0 < half, !ended.withLock({ $0 }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            let clock = ContinuousClock()
            let start = clock.now
            run.cancel()
            await #expect(throws: CancellationError.self) { try await run.value }
            // Long before the source would go on, also on a busy machine.
            #expect(clock.now - start < .seconds(120))
            #expect(try fixture.visibleProducts() == [])
            stopping.withLock { $0 = false }
            // More than half where the source was asked again in the meantime.
            let size = try partialBandSize(in: fixture.target)
            #expect(half..<bytes.count ~= size)
            try await body(fixture, key, size)
        }
    }

    private func partialBandSize(in folder: String) throws -> Int {
        guard let partial = try FileTree(folder).files.first(where: { $0.hasSuffix("_B02.jp2") }) else { return 0 }
        return try FileSystem.contents(of: folder + partial).count
    }

    @Test func filesGoOnWhereTheyStopped() async throws {
        try await afterInterruption { fixture, key, offset in
            let before = fixture.source.fetches.count
            #expect(try await fixture.run() == JobOutcome(finished: 2))
            let fetches = fixture.source.fetches.dropFirst(before)
            let band = try #require(fetches.first { $0.path.hasSuffix(key) })
            #expect(band.fields["range"] == "bytes=\(offset)-")
            // The manifest was whole already.
            #expect(!fetches.contains { $0.path.hasSuffix(fixture.key(fixture.products[0]) + "/manifest.safe") })
            for product in fixture.products { #expect(try fixture.differences(product) == []) }
        }
    }

    @Test func bytesOfAnEarlierObjectAreNotKept() async throws {
        try await afterInterruption { fixture, key, _ in
            let before = fixture.source.fetches.count
            fixture.source.put(key, try fixture.source.object("_B02.jp2").bytes, tag: "0123-2")
            #expect(try await fixture.run() == JobOutcome(finished: 2))
            let fetches = fixture.source.fetches.dropFirst(before)
            let band = try #require(fetches.first { $0.path.hasSuffix(key) })
            #expect(band.fields["range"] == "bytes=0-" || band.fields["range"] == nil)
            for product in fixture.products { #expect(try fixture.differences(product) == []) }
        }
    }

    @Test func damageOnDiskIsFoundAndMended() async throws {
        try await afterInterruption { fixture, key, _ in
            let partial = try #require(try FileTree(fixture.target).files.first { $0.hasSuffix("_B02.jp2") })
            let size = try FileSystem.contents(of: fixture.target + partial).count
            try AtomicFile.write([UInt8](repeating: 7, count: size), to: fixture.target + partial)
            #expect(try await fixture.run() == JobOutcome(finished: 2))
            for product in fixture.products { #expect(try fixture.differences(product) == []) }
        }
    }
}
