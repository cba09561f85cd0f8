import Testing

@testable import DatacubeStorage

@Suite struct ObservedStoreTests {
    private let log = ReadLog()

    @Test func readsAndOpensAreRemembered() throws {
        let store = try store()
        let reader = try #require(try store.reader(of: "a"))
        #expect(try reader.read(count: 4, at: 2) == [2, 3, 4, 5])
        #expect(try reader.read(count: 4, at: 4) == [4, 5, 6, 7])
        #expect(try store.get("a", range: 20..<30) == Array(20..<30))
        #expect(log.opens == 2 && log.entries.map(\.range) == [2..<6, 4..<8, 20..<30])
        #expect(log.distinctBytes == 16)
        log.clear()
        #expect(log.opens == 0 && log.entries.isEmpty)
    }

    @Test func nothingCanBeChanged() throws {
        let store = try store()
        #expect(throws: PipelineError.self) { try store.put("b", [1], durability: .deferred) }
        #expect(throws: PipelineError.self) { try store.delete("a") }
        #expect(try store.list("").map(\.key) == ["a"])
    }

    private func store() throws -> ObservedStore {
        let memory = MemoryStore()
        try memory.put("a", Array(0..<100), durability: .deferred)
        return ObservedStore(memory, log: log)
    }
}
