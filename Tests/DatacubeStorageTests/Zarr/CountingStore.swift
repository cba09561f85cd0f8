import DatacubeStorage
import Synchronization

/// A memory store that counts what readers fetch.
final class CountingStore: ObjectStore {
    private let base = MemoryStore()
    private let count = Mutex((bytes: 0, reads: 0))

    var readBytes: Int { count.withLock { $0.bytes } }
    var readCount: Int { count.withLock { $0.reads } }
    var description: String { "counting" }
    var rangeGap: Int { 0 }

    func get(_ key: String) throws -> [UInt8]? { try base.get(key) }
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
        func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
            store.count.withLock { $0 = ($0.bytes + buffer.count, $0.reads + 1) }
            try base.read(offset, into: buffer)
        }
    }
}
