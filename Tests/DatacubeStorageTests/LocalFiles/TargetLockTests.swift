import Glibc
import TestSupport
import Testing

@testable import DatacubeStorage

/// One owner at a time, and no commit by an owner that was displaced.
@Suite struct TargetLockTests {
    private static let quick = TargetLock.Timing(beat: 0.05, lease: 0.5, poll: 0.02)
    /// A lease that a busy machine does not let lapse by itself.
    private static let patient = TargetLock.Timing(beat: 0.05, lease: 2, poll: 0.02)
    private static let firstStart = ["SLURM_JOB_ID": "7", "SLURM_CLUSTER_NAME": "roihu"]
    private static let secondStart = firstStart.merging(["SLURM_RESTART_COUNT": "1"]) { $1 }

    private func with(_ body: (_ path: String, _ directory: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body($0 + "/.test.lock", $0) }
    }

    @Test func aLockIsHeldByOneAndGivenBackWithoutTrace() async throws {
        try await with { (path: String, directory: String) async throws in
            let lock = try TargetLock(path: path)
            let error = #expect(throws: PipelineError.self) { try TargetLock(path: path) }
            #expect(error?.code == .locked)
            #expect(error?.message.contains("process \(getpid()) on host \(ProcessIdentity.hostName())") == true)
            #expect(try FileSystem.list(directory) == [".test.lock"])
            try AtomicFile.write([1], to: lock.temporaryName(for: "unfinished"))
            lock.release()
            #expect(try FileSystem.list(directory) == [])
            try TargetLock(path: path).release()
        }
    }

    @Test func ofManyAtOnceOneGetsIt() async throws {
        try await with { (path: String, directory: String) async throws in
            let wins = await withTaskGroup(of: TargetLock?.self) { group in
                for _ in 0..<32 { group.addTask { try? TargetLock(path: path) } }
                return await group.reduce(into: [TargetLock]()) { if let lock = $1 { $0.append(lock) } }
            }
            #expect(wins.count == 1)
            #expect(try FileSystem.list(directory) == [".test.lock"])
            wins.forEach { $0.release() }
        }
    }

    /// As after a kill: the process of the owner is gone from this host.
    @Test func theLockOfADeadProcessIsTakenOver() async throws {
        try await with { (path: String, _: String) async throws in
            try leaveLock(path, process: 1 << 30, files: ["unfinished"])
            let lock = try TargetLock(path: path)
            #expect(try FileSystem.list(lock.workFolder) == ["owner"])
        }
    }

    /// Killed between the preparation and the taking, or while giving back.
    @Test func leftoversBesideTheLockAreCleared() async throws {
        try await with { (path: String, directory: String) async throws in
            let (current, dead) = (ProcessIdentity.current(), 1 << 30)
            let gone = ProcessIdentity(host: current.host, scope: current.scope, process: dead, started: "1")
            try leaveLock("\(path).\(gone.mark).abc", process: dead)
            // So early that it had not even said who it is.
            try FileSystem.createDirectories("\(path).\(gone.mark).bcd/bcd")
            try FileSystem.createDirectories(path + ".def.released/unfinished")
            let rival = try LockClaim(path: path, owner: .current(environment: [:]), keepsWork: false)
            let lock = try TargetLock(path: path)
            #expect(try FileSystem.list(directory).count == 2, "the lock, and the claim of one that lives")
            rival.withdraw()
            lock.release()
            #expect(try FileSystem.list(directory) == [])
        }
    }

    @Test func unfinishedWorkOfTheDeadIsInherited() async throws {
        try await with { (path: String, directory: String) async throws in
            try leaveLock(path, process: 1 << 30, files: ["a.partial"])
            let first = try TargetLock(path: path, keepsWork: true)
            #expect(try FileSystem.list(first.workFolder) == ["a.partial", "owner"])
            try AtomicFile.write([2], to: first.workFolder + "/b.partial")
            first.release()
            // It gave the lock back: the files stay, and the next one need not ask whether it lives.
            let second = try TargetLock(path: path, keepsWork: true)
            #expect(try FileSystem.list(second.workFolder) == ["a.partial", "b.partial", "owner"])
            try FileSystem.remove(second.workFolder + "/a.partial")
            try FileSystem.remove(second.workFolder + "/b.partial")
            second.release()
            #expect(try FileSystem.list(directory) == [])
        }
    }

    /// Slurm has started a job again while its first start still runs.
    @Test func aLaterStartOfAJobFencesTheEarlierOne() async throws {
        try await with { (path: String, directory: String) async throws in
            let old = try TargetLock(path: path, keepsWork: true, environment: Self.firstStart)
            let unfinished = old.temporaryName(for: "chunk")
            try AtomicFile.write([1], to: unfinished)
            let new = try TargetLock(path: path, keepsWork: true, environment: Self.secondStart)
            #expect(try FileSystem.list(new.workFolder) == ["owner"], "files that may be open are not inherited")

            // Each way in which the old one could still change something.
            expectLost { try old.publish(unfinished, as: directory + "/chunk") }
            expectLost { try old.write([1], to: directory + "/metadata") }
            try AtomicFile.write([9], to: directory + "/kept")
            expectLost { try old.remove(directory + "/kept") }
            expectLost { try old.createFolder(old.workFolder + "/product") }
            expectLost { try old.check() }
            let store = LocalStore(root: directory).locked(by: old)
            expectLost { try store.put("a/b", [1], durability: .deferred) }
            expectLost { try store.delete("kept") }
            expectLost { try store.deleteAll(below: "kept") }
            old.release()

            #expect(try FileSystem.list(directory).filter { $0 != "a" } == [".test.lock", "kept"])
            try new.write([2], to: directory + "/metadata")
            #expect(try FileSystem.contents(of: directory + "/metadata") == [2])
        }
    }

    @Test(arguments: [
        ["SLURM_JOB_ID": "8", "SLURM_RESTART_COUNT": "1"], firstStart,
        ["SLURM_JOB_ID": "7", "SLURM_CLUSTER_NAME": "puhti", "SLURM_RESTART_COUNT": "1"], [:],
    ])
    func otherJobsAndStepsOfTheSameStartAreSentAway(_ environment: [String: String]) async throws {
        try await with { (path: String, _: String) async throws in
            let lock = try TargetLock(path: path, environment: Self.firstStart)
            let error = #expect(throws: PipelineError.self) { try TargetLock(path: path, environment: environment) }
            #expect(error?.message.contains("Slurm job 7") == true)
            try lock.check()
        }
    }

    /// As after a power cut of another node.
    @Test func anOwnerThatShowsNoLifeIsDisplaced() async throws {
        try await with { (path: String, _: String) async throws in
            try leaveLock(path, host: "elsewhere", process: 1, files: ["a.partial"], silentFor: 10)
            let start = SystemClock.seconds()
            let lock = try await TargetLock.take(path: path, keepsWork: true, timing: Self.quick)
            #expect(SystemClock.seconds() - start >= Self.quick.lease, "it was watched for a whole lease")
            #expect(try FileSystem.list(lock.workFolder) == ["owner"])
        }
    }

    @Test func anOwnerThatShowsLifeIsNotDisplaced() async throws {
        try await with { (path: String, directory: String) async throws in
            try leaveLock(path, host: "elsewhere", process: 1, silentFor: 10)
            let file = try #require(try FileSystem.list(path).first.map { "\(path)/\($0)/owner" })
            let heartbeat = try LockHeartbeat(file: file, every: 0.05)
            defer { heartbeat.end() }
            await #expect { try await TargetLock.take(path: path, timing: Self.patient) } throws: {
                ($0 as? PipelineError)?.code == .locked
            }
            #expect(try FileSystem.list(directory) == [".test.lock"])
        }
    }

    @Test func anOwnerIsWaitedForAsLongAsAsked() async throws {
        try await with { (path: String, _: String) async throws in
            let first = try TargetLock(path: path, timing: Self.patient)
            await #expect { try await TargetLock.take(path: path, waitsFor: 0.1, timing: Self.patient) } throws: {
                ($0 as? PipelineError)?.code == .locked
            }
            async let second = TargetLock.take(path: path, waitsFor: 60, timing: Self.patient)
            // Far longer than a lease: signs of life keep the lock.
            try await Task.sleep(for: .seconds(3))
            try first.check()
            first.release()
            try await second.check()
        }
    }

    @Test func somethingElseOfThatNameIsNotTouched() async throws {
        try await with { (path: String, directory: String) async throws in
            try AtomicFile.write([1], to: path)
            #expect { try TargetLock(path: path) } throws: { ($0 as? PipelineError)?.code == .locked }
            try FileSystem.remove(path)
            try FileSystem.createDirectories(path + "/precious")
            #expect { try TargetLock(path: path) } throws: { ($0 as? PipelineError)?.code == .locked }
            #expect(try FileTree(directory).paths == ["/.test.lock/"])
        }
    }

    private func expectLost(_ step: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(sourceLocation: sourceLocation) { try step() } throws: { error in
            let error = error as? PipelineError
            return error?.code == .locked && error?.message.contains("has taken") == true
        }
    }
}
