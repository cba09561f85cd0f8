import DatacubeStorage
import Synchronization

/// A memory store that notes what readers fetch, and what they say that they will; as if across a network where it is told so.
final class CountingStore: ObjectStore {
    private let base = MemoryStore()
    private let requestsInFlight: Int
    private let notes = Mutex((reads: [Range<Int>](), announced: [Range<Int>]()))

    var reads: [Range<Int>] { notes.withLock { $0.reads } }
    var announced: [Range<Int>] { notes.withLock { $0.announced } }
    var readBytes: Int { reads.reduce(0) { $0 + $1.count } }
    var readCount: Int { reads.count }
    var description: String { "counting" }
    var properties: StoreProperties {
        var properties = base.properties
        properties.requestsInFlight = requestsInFlight
        properties.rangeGap = rangeGap ?? properties.rangeGap
        return properties
    }

    private let rangeGap: Int?

    init(requestsInFlight: Int = 0, rangeGap: Int? = nil) {
        self.requestsInFlight = requestsInFlight
        self.rangeGap = rangeGap
    }

    func get(_ key: String, limit: Int) throws -> [UInt8]? { try base.get(key, limit: limit) }
    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws {
        try base.put(key, bytes, durability: durability)
    }
    func delete(_ key: String) throws { try base.delete(key) }
    func list(_ prefix: String) throws -> [ObjectEntry] { try base.list(prefix) }
    func size(of key: String) throws -> Int? { try base.size(of: key) }
    func synchronize() throws {}

    func reader(of key: String) throws -> (any ObjectReader)? {
        try base.reader(of: key).map { Reader(base: $0, store: self) }
    }

    private struct Reader: ObjectReader {
        let base: any ObjectReader
        let store: CountingStore

        func size() throws -> Int { try base.size() }
        func announce(_ ranges: [Range<Int>]) { store.notes.withLock { $0.announced += ranges } }
        func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
            store.notes.withLock { $0.reads.append(offset..<offset + buffer.count) }
            try base.read(offset, into: buffer)
        }
    }
}
