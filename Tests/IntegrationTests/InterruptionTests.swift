import Foundation
import Testing

/// Killed at any instant and started again, every job ends in the bytes of an undisturbed run.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct InterruptionTests {
    @Test(arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130))])
    func asksToEndAreObeyed(_ signal: Int32, _ status: Int32) throws {
        try Workspace.with { workspace in
            let tool = try workspace.start(.safe2zarr)
            try workspace.waitForFile(of: .safe2zarr, while: tool) { $0.contains("/data/c/") }
            tool.send(signal)
            let result = try tool.wait()
            #expect(result.status == status)
            #expect(result.errors.contains("interrupted by SIG") && result.errors.contains("what was finished is kept"))
            #expect(try workspace.files(.safe2zarr).filter(isLeftover) == [])
            #expect(try workspace.differences(.safe2zarr) != [])
            #expect(try workspace.run(.safe2zarr).status == 0)
            #expect(try workspace.differences(.safe2zarr) == [])
        }
    }

    @Test(arguments: Job.allCases)
    func aKillLosesNothing(_ job: Job) throws {
        let duration = try undisturbedSeconds(job)
        var kills = 0
        for share in [0.15, 0.4, 0.65, 0.85] {
            try Workspace.with { workspace in
                let tool = try workspace.start(job)
                usleep(UInt32(duration * share * 1_000_000))
                tool.send(SIGKILL)
                kills += try tool.wait().status == 128 + SIGKILL ? 1 : 0
                let rerun = try workspace.run(job)
                #expect(rerun.status == 0, "\(rerun.errors)")
                #expect(try workspace.differences(job) == [], "killed after \(share) of the time")
            }
        }
        #expect(kills >= 2, "the runs ended before they could be killed")
    }

    /// The same target killed again and again, each time a little later.
    @Test(arguments: Job.allCases)
    func manyKillsLoseNothing(_ job: Job) throws {
        try Workspace.with { workspace in
            var delay = 20_000.0
            while true {
                let tool = try workspace.start(job)
                usleep(UInt32(delay))
                tool.send(SIGKILL)
                if try tool.wait().status != 128 + SIGKILL { break }
                delay *= 2
            }
            #expect(delay > 20_000, "no run was killed")
            #expect(try workspace.run(job).status == 0)
            #expect(try workspace.differences(job) == [])
        }
    }

    @Test func oneOfTwoRunsThatStageWaitsForTheOther() throws {
        try Workspace.with { workspace in
            let first = try workspace.start(.stage)
            try workspace.waitForFile(of: .stage, while: first) { $0.contains(".lock/") }
            let second = try workspace.run(.stage)
            #expect(second.status == 0)
            #expect(try first.wait().status == 0)
            #expect(try workspace.differences(.stage) == [])
        }
    }

    @Test(arguments: Job.allCases.filter { $0 != .stage })
    func oneOfTwoRunsAtOnceIsSentAway(_ job: Job) throws {
        try Workspace.with { workspace in
            let first = try workspace.start(job)
            try workspace.waitForFile(of: job, while: first) { $0.contains(".lock/") }
            let second = try workspace.run(job)
            #expect([1, 75].contains(second.status))
            #expect(second.lines.contains { $0.contains("locked: ") && $0.contains("another run works on") })
            let result = try first.wait()
            #expect(result.status == 0, "\(result.errors)")
            #expect(try workspace.differences(job) == [])
        }
    }

    private func isLeftover(_ path: String) -> Bool { path.contains(".partial") || path.contains(".lock") }

    private func undisturbedSeconds(_ job: Job) throws -> Double {
        // The first run may have to make what tests share; neither that nor the workspace is a part of the job.
        try Workspace.with { _ = try $0.run(job) }
        return try Workspace.with { workspace in
            let start = Date.now
            _ = try workspace.run(job)
            return Date.now.timeIntervalSince(start)
        }
    }
}
