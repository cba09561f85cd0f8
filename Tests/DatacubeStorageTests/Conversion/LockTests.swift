import Logging
import Synchronization
import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct ConversionLockTests {
    @Test(arguments: Converter.allCases)
    func aTileYearThatAnotherRunWorksOnIsLeftToIt(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<2, below: safe)
            try await SyntheticArchive.synthesize(dates: 1, year: 2025, below: safe)
            let path = converter.lock(below: made)
            let folder = FileSystem.parent(of: path)
            try FileSystem.createDirectories(folder)
            let lock = try TargetLock(path: path)
            let outcome = try await converter.run(from: safe, to: made)
            #expect(outcome.finished == 1, "the other year is free")
            #expect(outcome.failures.count == 1)
            #expect(outcome.failures.allSatisfy { $0.hasPrefix("locked: ") && $0.contains(folder) })
            #expect(try FileSystem.list(folder).filter { $0 != "2025.zip" } == [FileSystem.name(of: path)])
            lock.release()
            #expect(try await converter.run(from: safe, to: made) == JobOutcome(finished: 2, skipped: 1))
        }
    }

    @Test(arguments: Converter.allCases)
    func twoRunsAtOnceMakeTheBytesOfOne(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<4, below: safe)
            async let first = converter.run(from: safe, to: made)
            async let second = converter.run(from: safe, to: made)
            let outcomes = try await [first, second]
            #expect(outcomes.map(\.finished).sorted() == [0, 4])
            let idle = try #require(outcomes.first { $0.finished == 0 })
            #expect(
                idle.skipped == 4 || idle.failures.allSatisfy { $0.hasPrefix("locked: ") } && idle.failures.count == 1
            )
            #expect(try FileTree(made).differences(from: await converter.tree(of: 0..<4)) == [])
        }
    }

    /// Another run takes the lock over in the middle: what the first one goes on to make never gets a name.
    @Test(arguments: [
        (Converter.cog, "converted in"), (.zarr, "60m: dates 0..<2 in"), (.zipzarr, "60m: dates 0..<2 in"),
    ])
    func aRunThatWasDisplacedChangesNothing(_ moment: (converter: Converter, line: String)) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<4, below: safe)
            let path = moment.converter.lock(below: made)
            let folder = FileSystem.parent(of: path)
            let taken = Mutex<(lock: TargetLock, tree: FileTree)?>(nil)
            let log = Logger.calling { line in
                guard line.contains(moment.line), taken.withLock({ $0 == nil }) else { return }
                #expect(throws: Never.self) {
                    let holder = try #require(try LockHolder.read(path))
                    let claim = try LockClaim(path: path, owner: .current(environment: [:]), keepsWork: false)
                    try claim.displace(holder, isGone: false)
                    claim.withdraw()
                    let lock = try TargetLock(path: path)
                    let tree = try FileTree(folder)
                    taken.withLock { $0 = (lock, tree) }
                }
            }
            let outcome = try await moment.converter.run(from: safe, to: made, log: log)
            let (lock, before) = try #require(taken.withLock { $0 })
            #expect(outcome.failures.contains { $0.hasPrefix("locked: ") && $0.contains("has taken") })
            try lock.check()
            let after = try FileTree(folder)
            #expect(after.differences(from: before) == [])
            // The other run shows now and then that it lives.
            #expect(after.rewritten(since: before).filter { !$0.contains(".lock/") } == [])
            lock.release()
            #expect(try await moment.converter.run(from: safe, to: made).failures == [])
            #expect(try FileTree(made).differences(from: await moment.converter.tree(of: 0..<4)) == [])
        }
    }

    /// The other run ends between the look at what is missing, which the log tells, and the lock.
    @Test func whatAnotherRunJustFinishedIsNotMadeAgain() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<2, below: safe)
            #expect(try await Converter.cog.run(from: safe, to: directory + "/other") == JobOutcome(finished: 2))
            let log = Logger.calling { line in
                guard line.hasSuffix("products to convert") else { return }
                #expect(throws: Never.self) { try FileSystem.rename(directory + "/other", to: made) }
            }
            #expect(try await Converter.cog.run(from: safe, to: made, log: log) == JobOutcome(skipped: 2))
            #expect(try FileTree(made).differences(from: await Converter.cog.tree(of: 0..<2)) == [])
        }
    }
}
