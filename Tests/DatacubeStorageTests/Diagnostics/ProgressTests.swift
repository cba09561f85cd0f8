import Dispatch
import Logging
import Synchronization
import Testing

@testable import DatacubeStorage

/// When and how a long job tells how far it is.
///
/// Nothing is told in its first two seconds, so tests wait for longer.
@Suite struct ProgressTests {
    /// A job that tells its lines to the test.
    private final class Job: Sendable {
        let progress: Progress
        private let told: Lines
        // Before the progress has its own, so that what this says to be early is early.
        private let start = ContinuousClock.now

        private final class Lines: Sendable { let all = Mutex<[String]>([]) }

        init(_ total: Int, _ unit: Progress.Unit = .items("files"), _ style: Progress.Style = .lines(every: 0)) {
            let told = Lines()
            self.told = told
            let log = Logger.calling { line in told.all.withLock { $0.append(line) } }
            progress = Progress("copying", total: total, unit: unit, style: style, log: log)
        }

        var lines: [String] { told.all.withLock { $0 } }
        var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

        func pastTheQuietTime() async throws -> Job {
            try await Task.sleep(for: .seconds(2.05))
            return self
        }
    }

    @Test(arguments: [Progress.Style.lines(every: 0), .lines(every: 30)])
    func shortJobsStayQuiet(_ style: Progress.Style) {
        let job = Job(1000, .items("files"), style)
        for _ in 0..<1000 { job.progress.advance(by: 1) }
        job.progress.finish()
        let lines = job.lines
        // On a machine where a thousand steps take two seconds the job is not short.
        #expect(lines == [] || job.seconds >= 2)
    }

    @Test func linesTellShareCountsAndTheTimeThatIsLeft() async throws {
        let job = try await Job(10).pastTheQuietTime()
        job.progress.advance(by: 5)
        let (line, seconds) = (try #require(job.lines.first), job.seconds)
        #expect(line.hasPrefix("copying: 50 %, 5 of 10 files, ") && line.hasSuffix(" s left"))
        // Half is done, so as much time is left as has gone.
        let left = try #require(line.split(separator: " ").dropLast(2).last.flatMap { Double($0) })
        // From ten seconds on a tenth is all that is told.
        #expect((2...seconds + 0.06).contains(left), "\(line)")
        job.progress.advance(by: 3)
        #expect(job.lines.last?.hasPrefix("copying: 80 %, 8 of 10 files, ") == true)
        job.progress.advance(by: 2)
        #expect(job.lines.last == "copying: 100 %, 10 of 10 files, 0 s left")
        job.progress.finish()
        #expect(job.lines.count == 3)
    }

    @Test func whereNothingIsDoneNoTimeIsGuessed() async throws {
        let job = try await Job(10).pastTheQuietTime()
        job.progress.advance(by: 0)
        #expect(job.lines == ["copying: 0 %, 0 of 10 files"])
    }

    @Test(arguments: [
        (Progress.Unit.bytes, 6 << 20, 3 << 19, "copying: 25 %, 1.50 MiB of 6.00 MiB, "),
        (.pixels, 12_000_000, 3_000_000, "copying: 25 %, 3 of 12 Mpixel, "),
        (.items("loads"), 8, 2, "copying: 25 %, 2 of 8 loads, "),
    ])
    func countsHaveTheirUnit(_ unit: Progress.Unit, _ total: Int, _ done: Int, _ line: String) async throws {
        let job = try await Job(total, unit).pastTheQuietTime()
        job.progress.advance(by: done)
        #expect(job.lines.count == 1 && job.lines.first?.hasPrefix(line) == true)
    }

    @Test func aLineWaitsForItsInterval() async throws {
        let job = try await Job(10, .items("files"), .lines(every: 3600)).pastTheQuietTime()
        for _ in 0..<10 { job.progress.advance(by: 1) }
        job.progress.finish()
        #expect(job.lines.count == 1 && job.lines.first?.hasPrefix("copying: 10 %, 1 of 10 files, ") == true)
    }

    @Test func hiddenIsHidden() async throws {
        let job = try await Job(10, .items("files"), .hidden).pastTheQuietTime()
        for _ in 0..<10 { job.progress.advance(by: 1) }
        job.progress.finish()
        #expect(job.lines == [])
    }

    @Test func jobsLearnOnTheWayWhatThereIsToDo() async throws {
        let job = try await Job(0).pastTheQuietTime()
        job.progress.expect(4)
        job.progress.advance(by: 3)
        job.progress.expect(2)
        job.progress.advance(by: 0)
        let shares = job.lines.map { $0.split(separator: ",").prefix(2).joined(separator: ",") }
        #expect(shares == ["copying: 75 %, 3 of 4 files", "copying: 50 %, 3 of 6 files"])
    }

    @Test func noStepOfAnyThreadIsLost() async throws {
        let job = Job(8000)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for _ in 0..<1000 { job.progress.advance(by: 1) }
        }
        _ = try await job.pastTheQuietTime()
        job.progress.advance(by: 0)
        #expect(job.lines.last == "copying: 100 %, 8000 of 8000 files, 0 s left")
    }

    /// A terminal's bar goes to standard error itself, so another process draws it.
    @Test func theBarIsDrawnInPlaceAndRemoved() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let short = Progress("short", total: 2, unit: .items("files"), style: .bar, log: .silent)
            short.advance(by: 2)
            short.finish()
            let progress = Progress("copying", total: 10, unit: .items("files"), style: .bar, log: .silent)
            try await Task.sleep(for: .seconds(2.05))
            progress.advance(by: 5)
            // Not drawn: too soon after the last time.
            progress.advance(by: 1)
            progress.finish()
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        let parts = text.split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false)
        #expect(parts.count == 3 && parts.first == "" && parts.last == "")
        let bar = String(repeating: "#", count: 15) + String(repeating: ".", count: 15)
        #expect(parts[1].hasPrefix("copying [\(bar)] 50 % 5 of 10 files, ") && parts[1].hasSuffix(" s left"))
    }

    /// The standard error of a process that is observed is a pipe.
    @Test func withoutATerminalALineComesEveryHalfMinute() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            StandardError.write("\(Progress.Style.automatic)")
        }
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == "lines(every: 30.0)")
    }
}
