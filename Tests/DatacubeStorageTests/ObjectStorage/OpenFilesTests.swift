import TestSupport
import Testing

@testable import DatacubeStorage

@Suite struct OpenFilesTests {
    @Test func aReadOpensAFileOnceAndTheNextOneSeesWhatReplacedIt() throws {
        let folder = try ScratchFolder()
        let store = LocalStore(root: folder.path)
        let log = ReadLog()
        let observed = ObservedStore(store, log: log)
        try store.put("a", [1], durability: .deferred)
        func bytesOfTwoPieces() throws -> [[UInt8]?] {
            let files = OpenFiles(OpenFiles.Budget(10))
            return try (0..<2).map { piece in
                try OpenFiles.$current.withValue(files) {
                    defer { if piece == 0 { try? store.put("a", [2], durability: .deferred) } }
                    return try observed.reader(of: "a")?.read(count: 1, at: 0)
                }
            }
        }
        #expect(try bytesOfTwoPieces() == [[1], [1]])
        #expect(log.opens == 1)
        #expect(try bytesOfTwoPieces() == [[2], [2]])
        #expect(log.opens == 2)
    }

    @Test func whatIsMissingIsAskedForAgain() throws {
        let folder = try ScratchFolder()
        let store = LocalStore(root: folder.path)
        try OpenFiles.$current.withValue(OpenFiles(OpenFiles.Budget(10))) {
            #expect(try store.reader(of: "a") == nil)
            try store.put("a", [1], durability: .deferred)
            #expect(try store.reader(of: "a")?.size() == 1)
        }
    }

    @Test func descriptorsAreBounded() throws {
        let budget = OpenFiles.Budget(20)
        var (files, opens) = (OpenFiles(budget), 0)
        for _ in 0..<2 {
            for number in 0..<30 {
                _ = try files.reader("\(number)") {
                    opens += 1
                    return HeldReader()
                }
            }
        }
        #expect(opens == 30 + 10)
        // What the read had is free again when it is over.
        files = OpenFiles(budget)
        for _ in 0..<2 { _ = try files.reader("a") { HeldReader() } }
        #expect((0..<19).allSatisfy { _ in budget.take() } && !budget.take())
    }
}

private struct HeldReader: ObjectReader {
    var holdsDescriptor: Bool { true }
    func size() throws -> Int { 0 }
    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {}
}
