import DatacubeStorage
import Logging
import Synchronization
import TestSupport
import Testing

/// What is there is kept, what is missing is added, and the bytes do not tell in how many runs they came.
@Suite struct RerunTests {
    @Test(arguments: Converter.allCases)
    func aSecondRunDoesNoWork(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<4, below: safe)
            #expect(try await converter.run(from: safe, to: made) == JobOutcome(finished: 4))
            let first = try FileTree(made)
            #expect(try await converter.run(from: safe, to: made) == JobOutcome(skipped: 4))
            let second = try FileTree(made)
            #expect(second.differences(from: first) == [])
            #expect(second.rewritten(since: first) == [])
            #expect(first.files.count >= 20 || converter == .zipzarr && first.files == ["/35VLH/2024.zip"])
        }
    }

    /// Dates that come later in time, earlier, in between, and so many that a chunk more is needed.
    @Test(
        arguments: Converter.allCases,
        [[[0, 1], [2, 3]], [[2, 3], [1], [0]], [[0, 4], [2]], [[1, 2], [0, 3, 4]]]
    )
    func productsAddedLaterGiveTheSameBytes(_ converter: Converter, _ runs: [[Int]]) async throws {
        try await withTemporaryDirectory { directory in
            for dates in runs {
                try await SyntheticArchive.link(dates, below: directory + "/safe")
                let outcome = try await converter.run(from: directory + "/safe", to: directory + "/made")
                #expect(outcome.failures == [])
            }
            let expected = try await converter.tree(of: runs.joined())
            #expect(try FileTree(directory + "/made").differences(from: expected) == [])
        }
    }

    @Test func onlyTheNewDatesOfAFullChunkAreDecoded() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<2, below: safe)
            _ = try await Converter.zarr.run(from: safe, to: made)
            let first = try FileTree(made)
            try await SyntheticArchive.link(2..<4, below: safe)
            #expect(try await Converter.zarr.run(from: safe, to: made) == JobOutcome(finished: 2, skipped: 2))
            let chunks = first.files.filter { $0.contains("/data/c/0/") }
            #expect(chunks.count == 9 + 4 + 1)
            #expect(Set(try FileTree(made).rewritten(since: first)).isDisjoint(with: chunks))
        }
    }

    /// The product of the higher baseline replaces the other of the same data, in the datacube too.
    @Test func aReprocessedProductTakesThePlaceOfTheOld() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.synthesize(dates: 2, baseline: "03.01", below: safe)
            #expect(try await Converter.zarr.run(from: safe, to: made) == JobOutcome(finished: 2))
            try await SyntheticArchive.synthesize(dates: 2, baseline: "05.10", below: safe)
            #expect(try SyntheticArchive.products(below: safe).count == 4)
            #expect(try await Converter.zarr.run(from: safe, to: made).failures == [])
            #expect(try await Converter.zarr.run(from: safe, to: directory + "/again").failures == [])
            #expect(try FileTree(made).differences(from: FileTree(directory + "/again")) == [])
            let cube = try #require(try Cube.open(LocalStore(root: made), path: "35VLH/2024/60m"))
            #expect(cube.steps.map(\.processingBaseline) == ["05.10", "05.10"])
        }
    }

    /// Cancelled at a line of the log: before anything is done, between products, within and after the first batch.
    @Test(arguments: [
        (Converter.cog, 1), (.cog, 2), (.cog, 4), (.zarr, 1), (.zarr, 3), (.zarr, 4), (.zarr, 6), (.zipzarr, 1),
        (.zipzarr, 4), (.zipzarr, 6),
    ])
    func aRunStoppedMidwayIsTakenUp(_ stop: (converter: Converter, line: Int)) async throws {
        let converter = stop.converter
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<4, below: safe)
            try FileSystem.createDirectories(made)
            await #expect(throws: CancellationError.self) {
                try await run(converter, safe, made, stoppedAtLine: stop.line)
            }
            let stopped = try FileTree(made)
            #expect(stopped.paths.filter { $0.contains(AtomicFile.temporarySuffix) } == [])
            // What was made of an archive waits in the lock for the next run.
            #expect(stopped.paths.allSatisfy { !$0.contains(".lock") || converter == .zipzarr })
            let expected = try await converter.tree(of: 0..<4)
            #expect(!Set(expected.files).isSubset(of: stopped.files))
            #expect(try await converter.run(from: safe, to: made).failures == [])
            #expect(try FileTree(made).differences(from: expected) == [])
        }
    }

    /// The chunks of an archive wait in the lock; they are used unless they were cut otherwise.
    @Test func chunksOfAStoppedRunAreNotMadeAgain() async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<4, below: safe)
            await #expect(throws: CancellationError.self) {
                try await run(.zipzarr, safe, made, stoppedAtLine: 6)
            }
            let waiting = try FileTree(made)
            let chunks = waiting.files.filter { $0.contains("/10m/data/c/0/") }
            #expect(!chunks.isEmpty)
            let lines = Mutex<[String]>([])
            let log = Logger.calling { line in lines.withLock { $0.append(line) } }
            #expect(try await Converter.zipzarr.run(from: safe, to: made, log: log) == JobOutcome(finished: 4))
            #expect(!lines.withLock { $0 }.contains { $0.contains("10m: dates 0..<2 in") })
            #expect(try FileTree(made).differences(from: await Converter.zipzarr.tree(of: 0..<4)) == [])
        }
    }

    @Test(arguments: Converter.allCases)
    func whatAKilledRunLeftIsClearedAway(_ converter: Converter) async throws {
        try await withTemporaryDirectory { directory in
            let (safe, made) = (directory + "/safe", directory + "/made")
            try await SyntheticArchive.link(0..<2, below: safe)
            let expected = try await converter.tree(of: 0..<2)
            for path in expected.files.prefix(3) {
                let leftover = AtomicFile.temporaryName(for: made + path)
                try FileSystem.createDirectories(FileSystem.parent(of: leftover))
                try AtomicFile.write([1, 2, 3], to: leftover)
            }
            #expect(try await converter.run(from: safe, to: made) == JobOutcome(finished: 2))
            #expect(try FileTree(made).differences(from: expected) == [])
        }
    }

    private func run(_ converter: Converter, _ safe: String, _ made: String, stoppedAtLine line: Int) async throws {
        let lines = Mutex(0)
        let task = Mutex<Task<JobOutcome, any Error>?>(nil)
        let log = Logger.calling { _ in
            let number = lines.withLock { lines in
                lines += 1
                return lines
            }
            if number == line { task.withLock { $0?.cancel() } }
        }
        // The job waits for the lock at its first line until the task can be cancelled.
        let running = task.withLock { task in
            let running = Task { try await converter.run(from: safe, to: made, log: log) }
            task = running
            return running
        }
        _ = try await running.value
    }
}
