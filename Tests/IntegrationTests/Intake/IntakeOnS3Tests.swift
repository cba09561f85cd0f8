import DatacubeStorage
import Foundation
import TestSupport
import Testing

/// `s2-intake-year` against a real gateway, through a proxy that spoils answers.
@Suite(
    .serialized,
    .enabled(
        if: S3Server.isThere && Tool.folder != nil,
        "needs an S3 server and the built tools; run scripts/test-integration"
    )
)
struct IntakeOnS3Tests {
    @Test func aYearArrivesAndIsNotFetchedTwice() async throws {
        try await IntakeSite.with { site in
            let result = try site.run()
            #expect(result.status == 0, "\(result.errors)")
            #expect(try site.differences() == [])
            #expect(result.errors.contains("\(IntakeSite.dates) products fetched, 0 were there, 0 failed"))
            let fetches = site.proxy.fetches.count
            #expect(try site.run().errors.contains("0 products fetched, \(IntakeSite.dates) were there, 0 failed"))
            #expect(site.proxy.fetches.count == fetches)
        }
    }

    @Test(
        arguments: [.cut(0), .cut(10), .cut(50), .cut(90), .flip, .short, .status(503), .status(403)]
            as [FaultProxy.Fault]
    )
    func passingFaultsAreMended(_ fault: FaultProxy.Fault) async throws {
        // Every third object, so that waits between attempts do not add up to minutes.
        try await IntakeSite.with({ $0.number == 0 && $0.total % 3 == 0 ? fault : nil }) { site in
            let result = try site.run()
            #expect(result.status == 0, "\(result.errors)")
            #expect(try site.differences() == [])
        }
    }

    @Test func aServerThatIsGoneForAWhileIsWaitedFor() async throws {
        let start = Date.now
        try await IntakeSite.with({ $0.total > 10 && Date.now.timeIntervalSince(start) < 30 ? .gone : nil }) { site in
            let result = try site.run()
            #expect(result.status == 0, "\(result.errors)")
            #expect(try site.differences() == [])
        }
    }

    @Test func aFileThatStaysWrongCostsItsProductOnly() async throws {
        try await IntakeSite.with({ $0.path.contains("/01/") && $0.path.hasSuffix("B02.jp2") ? .flip : nil }) { site in
            let result = try site.run()
            #expect(result.status == 3)
            #expect(result.errors.contains("B02.jp2 does not have the SHA3-256 that manifest.safe gives"))
            #expect(try site.visibleProducts() == IntakeSite.dates - 1)
        }
    }

    @Test func wrongKeysEndTheRunWithOneLine() async throws {
        try await IntakeSite.with { site in
            let secret = "a-wrong-secret-that-must-not-be-shown"
            try site.write(secret)
            let result = try site.run(IntakeSite.tiles[0], ["--verbose"])
            #expect(result.status == 1)
            #expect(result.lines.filter { $0.contains(" error ") }.count == 1)
            #expect(result.errors.contains("the secret key of profile cdse does not match"))
            #expect(!(result.errors + result.output).contains(secret))
            #expect(try site.visibleProducts() == 0)
            // The listings of two products are under way when the first refusal comes, and nothing is tried again.
            #expect(site.proxy.fetches.isEmpty && (1...2).contains(site.proxy.requests.count))
        }
    }

    @Test func aKillLosesNothing() async throws {
        // Bytes reach the disk in pieces of 96 KiB, so that only the 10 m bands are ever there in part: for 1.5 s of their
        // 3 s each, long enough for a busy machine to see.
        let large = Resolution.r10.bands.map { "_\($0.name).jp2" }
        try await IntakeSite.with({ visit in large.contains { visit.path.hasSuffix($0) } ? .slow(0.2) : nil }) { site in
            var kills = 0
            for delay in [0, 0.4, 0.8] {
                let tool = try site.start()
                try site.waitForPartOfABand(while: tool)
                usleep(UInt32(delay * 1e6))
                tool.send(SIGKILL)
                kills += try tool.wait().status == 128 + SIGKILL ? 1 : 0
                for product in try ProductFolder(root: site.root + "/safe").products.values.joined() {
                    // What is visible is whole, at any moment.
                    #expect(try ProductImages(DescribedProduct(product)).isIndexed)
                }
            }
            #expect(kills > 0, "the runs ended before they could be killed")
            let result = try site.run()
            #expect(result.status == 0, "\(result.errors)")
            #expect(try site.differences() == [])
            #expect(site.proxy.fetches.contains { ($0.fields["range"] ?? "bytes=0-") != "bytes=0-" })
        }
    }

    @Test func anAskToEndIsObeyedSoon() async throws {
        try await IntakeSite.with({ $0.path.hasSuffix(".jp2") ? .slow(1) : nil }) { site in
            let tool = try site.start()
            while site.proxy.fetches.count < 4, tool.isRunning { usleep(10_000) }
            let start = Date.now
            tool.send(SIGTERM)
            let result = try tool.wait()
            #expect(result.status == 143 && Date.now.timeIntervalSince(start) < 2)
            #expect(try site.visibleProducts() == 0)
        }
    }

    @Test func tasksThatShareTheBudgetNeverExceedIt() async throws {
        try await IntakeSite.with { site in
            let tools = try IntakeSite.tiles.map { try site.start($0, ["--connections", "1"]) }
            for tool in tools { #expect(try tool.wait().status == 0) }
            for tile in IntakeSite.tiles { #expect(try site.differences(tile) == []) }
            #expect(site.proxy.mostOpen <= 4)
            #expect(site.proxy.mostOpen >= 2, "the runs did not overlap")
        }
    }

    @Test func aSecondRunOnTheTileIsSentAway() async throws {
        try await IntakeSite.with({ _ in .slow(0.02) }) { site in
            let first = try site.start()
            while site.proxy.fetches.isEmpty, first.isRunning { usleep(10_000) }
            let second = try site.run()
            #expect(second.status == 1 && second.errors.contains("another run works on"))
            #expect(try first.wait().status == 0)
            #expect(try site.differences() == [])
        }
    }
}
