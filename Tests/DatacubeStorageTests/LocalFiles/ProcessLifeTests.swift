import Glibc
import Testing

@testable import DatacubeStorage

/// When a process counts as gone, and when its lock is free.
@Suite struct ProcessLifeTests {
    @Test func thisProcessRuns() {
        let me = ProcessIdentity.current()
        #expect(ProcessLife(of: me.process, started: me.started) == .runs)
        #expect(ProcessLife(of: me.process, started: "1") == .gone, "another one of that number")
    }

    @Test(arguments: [1 << 30, 1 << 22 | 1]) func aNumberOfNobodyIsGone(_ number: Int) {
        #expect(ProcessLife(of: number, started: "1") == .gone)
    }

    /// Records of locks are read from files that anybody may have written.
    @Test(arguments: [0, -1, .min, .max]) func whatIsNoNumberOfAProcessIsNotJudged(_ number: Int) {
        #expect(ProcessLife(of: number, started: "1") == .runs)
    }

    @Test func aProcessWhoseParentHasNotAskedIsGone() throws {
        let child = try Child("/bin/sleep", "60")
        let life = { ProcessLife(of: Int(child.number), started: child.started) }
        #expect(life() == .runs)
        child.kill()
        try wait { life() == .gone }
        #expect(ThreadState(of: "/proc/\(child.number)")?.isAlive == false, "it is still in the table")
        child.reap()
        #expect(life() == .gone)
    }

    /// The first thread has ended; the other one still has its files open.
    @Test func aProcessWithOneLivingThreadRuns() throws {
        let script = """
            import ctypes, threading, time
            threading.Thread(target=time.sleep, args=(60,)).start()
            ctypes.CDLL(None).pthread_exit(None)
            """
        guard access("/usr/bin/python3", X_OK) == 0 else { return }
        let child = try Child("/usr/bin/python3", "-c", script)
        let leader = { ThreadState(of: "/proc/\(child.number)") }
        try wait { leader()?.isAlive == false }
        #expect(ProcessLife(of: Int(child.number), started: child.started) == .runs)
        child.kill()
        try wait { ProcessLife(of: Int(child.number), started: child.started) == .gone }
        child.reap()
    }

    /// As `kill -9` does it, right before the command is given again.
    @Test func theLockOfAKilledProcessIsFreeAtOnce() async throws {
        try await withTemporaryDirectory { (directory: String) async throws in
            for _ in 0..<20 {
                let child = try Child("/bin/sleep", "60")
                defer { child.reap() }
                let path = directory + "/.test.lock"
                let me = ProcessIdentity.current()
                let identity = ProcessIdentity(
                    host: me.host,
                    scope: me.scope,
                    process: Int(child.number),
                    started: child.started
                )
                try FileSystem.createDirectories(path + "/abc")
                try LockHolder.write(LockOwner(process: identity, job: nil), in: path + "/abc")
                #expect(throws: PipelineError.self) { try TargetLock(path: path) }
                child.kill()
                try TargetLock(path: path).release()
            }
        }
    }

    private func wait(until isDone: () -> Bool) throws {
        for _ in 0..<1000 where !isDone() { usleep(10_000) }
        try #require(isDone())
    }
}

/// A process whose end nobody asks for until a test wants it.
private final class Child {
    let number: pid_t
    let started: String

    init(_ arguments: String...) throws {
        var number: pid_t = 0
        let pointers = arguments.map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        try #require(posix_spawn(&number, arguments[0], nil, nil, pointers, environ) == 0)
        self.number = number
        started = try #require(ThreadState(of: "/proc/\(number)")?.started)
    }

    func kill() { _ = Glibc.kill(number, SIGKILL) }

    func reap() {
        kill()
        while waitpid(number, nil, 0) == -1, errno == EINTR {}
    }
}
