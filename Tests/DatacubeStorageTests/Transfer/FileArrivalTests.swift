import Synchronization
import Testing

@testable import DatacubeStorage

/// In which order files get their names, and which do not.
@Suite struct FileArrivalTests {
    /// A file that is made of nothing and notes when it gets its name.
    private struct MadeFile: IncomingFile {
        let target: String
        let rank: Int
        let fails: Bool
        let notes: Mutexed<[String]>

        var source: String { "nowhere" }
        var lock: TargetLock? { nil }
        var temporary: String { target + ".partial" }
        var size: Int { 3 }
        var pieces: [Range<Int>] { [0..<3] }

        func fetch(_ piece: Range<Int>) throws { try AtomicFile.write([1, 2, 3], to: temporary) }

        func verify() throws {
            if fails { throw PipelineError(.mismatch, "\(target) came damaged") }
        }

        func complete() throws {
            notes.value.withLock { $0.append(FileSystem.name(of: target)) }
            try FileSystem.rename(temporary, to: target)
        }
    }

    /// A file that is fetched by nobody but counts how many are at a time; it says to be of a size.
    private struct CountedFile: IncomingFile {
        let target: String
        let size: Int
        let running: Mutexed<(now: Int, most: Int)>
        /// How many have to have been there before one of them ends, or some time must have passed.
        let company: Int

        var source: String { "nowhere" }
        var lock: TargetLock? { nil }
        var temporary: String { target + ".partial" }
        var rank: Int { 0 }
        var pieces: [Range<Int>] { [0..<size] }
        var mostLargePieces: Int { 2 }

        func fetch(_ piece: Range<Int>) {
            running.value.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            let patience = ContinuousClock.now + .seconds(20)
            while running.value.withLock({ $0.most < company }), ContinuousClock.now < patience {}
            running.value.withLock { $0.now -= 1 }
        }

        func verify() {}
        func complete() {}
    }

    private final class Mutexed<Value: Sendable>: Sendable {
        let value: Mutex<Value>
        init(_ value: Value) { self.value = Mutex(value) }
    }

    /// Data of two folders in the order 2, 1, 0 of ranks, as a listing may have it.
    private func run(
        failing: String? = nil,
        batchFiles: Int
    ) async throws -> (names: [String], result: (Int, [String])) {
        let paths = [("all", 2), ("a/data", 1), ("b/data", 1), ("a/0", 0), ("a/1", 0), ("b/0", 0)]
        let notes = Mutexed<[String]>([])
        return try await withTemporaryDirectory { directory in
            let files = paths.map { path, rank in
                MadeFile(target: "\(directory)/\(path)", rank: rank, fails: path == failing, notes: notes)
            }
            let arrival = FileArrival(files, batchFiles: batchFiles)
            let progress = Progress("files", total: 18, unit: .bytes, style: .hidden, log: .silent)
            let executor = BlockingExecutor(width: 2)
            let result = try await arrival.run(verifies: true, on: executor, progress)
            let left = try await FileSystem.visibleFiles(below: directory, on: executor).files.map(\.path)
            #expect(left.count == result.finished, "\(left)")
            return (notes.value.withLock { $0 }, (result.finished, result.failures.map(\.message)))
        }
    }

    @Test(arguments: [1, 2, 100])
    func lowerRanksComeFirst(_ batchFiles: Int) async throws {
        let (names, result) = try await run(batchFiles: batchFiles)
        #expect(names.prefix(3).sorted() == ["0", "0", "1"])
        #expect(names.dropFirst(3) == ["data", "data", "all"])
        #expect(result.0 == 6 && result.1.isEmpty)
    }

    @Test(arguments: [(size: 8 << 20, atATime: 2), (size: 100, atATime: 6)])
    func onlyLargePiecesAreHeldBack(size: Int, atATime: Int) async throws {
        try await withTemporaryDirectory { directory in
            let running = Mutexed((now: 0, most: 0))
            let files = (0..<24).map { number in
                CountedFile(target: "\(directory)/\(number)", size: size, running: running, company: atATime)
            }
            let progress = Progress("files", total: 24 * size, unit: .bytes, style: .hidden, log: .silent)
            _ = try await FileBatch(files).fetch(on: BlockingExecutor(width: 6), progress)
            #expect(running.value.withLock { $0.most } == atATime)
        }
    }

    @Test(arguments: [1, 2, 100])
    func whatFailedIsNotDeclaredComplete(_ batchFiles: Int) async throws {
        let (names, result) = try await run(failing: "a/1", batchFiles: batchFiles)
        #expect(names.sorted() == ["0", "0", "data"], "a/data and all would declare a/1 complete")
        #expect(result.0 == 3 && result.1.count == 1 && result.1[0].hasSuffix("a/1 came damaged"))
    }
}
