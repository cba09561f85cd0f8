import Testing

@testable import DatacubeStorage

/// What killed runs leave: it stands in nobody's way, and does not stay for ever.
@Suite struct LeftoverTests {
    private func with(_ body: (_ path: String, _ directory: String) async throws -> Void) async throws {
        try await withTemporaryDirectory { try await body($0 + "/.test.lock", $0) }
    }

    /// Each start of a run names its unfinished files anew, though what an earlier one left is in the same folder.
    @Test func noTwoOwnersDrawTheSameName() async throws {
        try await with { (path: String, _: String) async throws in
            var names: Set<String> = []
            for _ in 0..<3 {
                let lock = try TargetLock(path: path)
                for _ in 0..<100 { names.insert(FileSystem.name(of: lock.temporaryName(for: "days.json"))) }
                lock.release()
            }
            for _ in 0..<100 { names.insert(FileSystem.name(of: AtomicFile.temporaryName(for: "/a/days.json"))) }
            #expect(names.count == 400 && names.allSatisfy { AtomicFile.isTemporary($0) })
        }
    }

    @Test func aNameOfAnyLengthLeavesRoomForWhatIsAdded() {
        for name in [String(repeating: "a", count: 255), String(repeating: "ä", count: 127)] {
            #expect(FileSystem.name(of: AtomicFile.temporaryName(for: name)).utf8.count < 255)
        }
    }

    /// As a run leaves them that is killed between the making of a file and the naming.
    @Test func temporaryFilesAreNotInherited() async throws {
        try await with { (path: String, directory: String) async throws in
            let files = [".days.json.1.partial", ".days.json.2.partial", "product.SAFE.partial"]
            try leaveLock(path, process: 1 << 30, files: files)
            let lock = try TargetLock(path: path, keepsWork: true)
            #expect(try FileSystem.list(lock.workFolder) == ["owner", "product.SAFE.partial"])
            for _ in 0..<3 { try lock.write([1], to: directory + "/days.json") }
            try FileSystem.remove(lock.workFolder + "/product.SAFE.partial")
            try AtomicFile.write([1], to: lock.temporaryName(for: "archive"))
            lock.release()
            #expect(try FileSystem.list(directory) == ["days.json"], "a temporary file alone keeps no lock")
        }
    }

    @Test func aLockOfTheDeadIsClearedWithoutBeingTaken() async throws {
        try await with { (path: String, directory: String) async throws in
            let (current, dead) = (ProcessIdentity.current(), 1 << 30)
            let gone = ProcessIdentity(host: current.host, scope: current.scope, process: dead, started: "1")
            try leaveLock(path, process: dead, files: [".chunk.1.partial"])
            try leaveLock("\(path).\(gone.mark).abc", process: dead)
            try FileSystem.createDirectories(path + ".def.released/unfinished")
            TargetLock.clearAbandoned(path: path)
            #expect(try FileSystem.list(directory) == [])
            TargetLock.clearAbandoned(path: path)
        }
    }

    @Test func workForTheNextOwnerIsClearedOnlyWhereNobodyWantsIt() async throws {
        try await with { (path: String, directory: String) async throws in
            try leaveLock(path, process: 1 << 30, files: ["product.SAFE.partial"])
            TargetLock.clearAbandoned(path: path)
            #expect(try FileSystem.list(path + "/abc") == ["owner", "product.SAFE.partial"])
            TargetLock.clearAbandoned(path: path, keepsWork: false)
            #expect(try FileSystem.list(directory) == [])
        }
    }

    @Test func whatMayBeInUseIsNotCleared() async throws {
        try await with { (path: String, directory: String) async throws in
            let lock = try TargetLock(path: path)
            let rival = try LockClaim(path: path, owner: .current(environment: [:]), keepsWork: false)
            try leaveLock(directory + "/.other.lock", host: "elsewhere", process: 1, silentFor: 1e6)
            try AtomicFile.write([1], to: directory + "/.foreign.lock")
            for name in [".test.lock", ".other.lock", ".foreign.lock"] {
                TargetLock.clearAbandoned(path: "\(directory)/\(name)", keepsWork: false)
            }
            #expect(try FileSystem.list(directory).count == 4)
            try lock.check()
            rival.withdraw()
        }
    }
}
