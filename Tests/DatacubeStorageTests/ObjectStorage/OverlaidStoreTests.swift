import Testing

@testable import DatacubeStorage

/// What a reader sees is the base with the changes; the base itself stays.
@Suite struct OverlaidStoreTests {
    @Test func changesHideWhatIsBelow() throws {
        try with { store, base, _ in
            try store.put("b", [9], durability: .deferred)
            try store.put("new/one", [3], durability: .deferred)
            try store.delete("c")
            try store.delete("absent")
            #expect(try store.list("") == [("a", 1), ("b", 1), ("new/one", 1)].map(ObjectEntry.init))
            #expect(try store.get("b") == [9] && store.get("c") == nil && store.reader(of: "c") == nil)
            #expect(try store.size(of: "c") == nil && store.size(of: "a") == 1)
            #expect(try store.children(of: "") == ["a", "b", "new"])
            #expect(try base.list("").map(\.key) == ["a", "b", "c"])
            try store.put("c", [7, 7], durability: .deferred)
            try store.delete("new/one")
            #expect(try store.list("").map(\.key) == ["a", "b", "c"])
            #expect(try store.get("c") == [7, 7])
        }
    }

    /// The lock's folder was moved away; nothing may come into being where it was.
    @Test func aLockThatIsLostIsNotMadeAgain() throws {
        try with { store, _, lock in
            try FileSystem.rename(lock.workFolder, to: lock.workFolder + "-displaced")
            let error = #expect(throws: PipelineError.self) { try store.put("d", [1], durability: .deferred) }
            #expect(error?.code == .locked)
            #expect(try !FileSystem.exists(lock.workFolder))
        }
    }

    private func with(_ body: (OverlaidStore, MemoryStore, TargetLock) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let lock = try TargetLock(path: directory + "/.test.lock")
            let base = MemoryStore()
            for (key, byte) in [("a", 1), ("b", 2), ("c", 3)] as [(String, UInt8)] {
                try base.put(key, [byte], durability: .deferred)
            }
            try body(OverlaidStore(base, changesIn: lock.workFolder + "/changes", under: lock), base, lock)
        }
    }
}
