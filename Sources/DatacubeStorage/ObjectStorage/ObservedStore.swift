import Synchronization

/// A store that remembers what is read of it, and of which nothing can be changed: what a benchmark loads from.
struct ObservedStore: ObjectStore {
    private let base: any ObjectStore
    private let log: ReadLog

    init(_ base: any ObjectStore, log: ReadLog) {
        self.base = base
        self.log = log
    }

    var description: String { base.description }
    var properties: StoreProperties { base.properties }

    func get(_ key: String, limit: Int) throws -> [UInt8]? {
        let bytes = try base.get(key, limit: limit)
        log.addOpen()
        log.add(key, range: 0..<(bytes?.count ?? 0))
        return bytes
    }

    func get(_ key: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Bool {
        if opensFiles {
            guard let reader = try reader(of: key) else { return false }
            try unsafe reader.read(offset, into: buffer)
            return true
        }
        log.addOpen()
        log.add(key, range: offset..<(offset + buffer.count))
        return try unsafe base.get(key, at: offset, into: buffer)
    }

    func get(_ key: String, whole buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        let size = try unsafe base.get(key, whole: buffer)
        log.addOpen()
        log.add(key, range: 0..<(size ?? 0))
        return size
    }

    func get(_ key: String, slice offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> ObjectSlice? {
        let slice = try unsafe base.get(key, slice: offset, into: buffer)
        log.addOpen()
        log.add(key, range: offset..<(offset + (slice?.count ?? 0)))
        return slice
    }

    func reader(of key: String) throws -> (any ObjectReader)? {
        guard opensFiles, let files = OpenFiles.current else { return observed(try base.reader(of: key), of: key) }
        return try files.reader("observed \(key)") { observed(try base.reader(of: key), of: key) }
    }

    func reader(of key: String, fetchingFirst count: Int) throws -> (any ObjectReader)? {
        if opensFiles { return try reader(of: key) }
        return observed(try base.reader(of: key, fetchingFirst: count), of: key)
    }

    func reader(of key: String, fetchingLast count: Int) throws -> (any ObjectReader)? {
        if opensFiles { return try reader(of: key) }
        return observed(try base.reader(of: key, fetchingLast: count), of: key)
    }

    // What is read of a file is read through an open one, by whichever method.
    private var opensFiles: Bool { properties.folder != nil }

    private func observed(_ reader: (any ObjectReader)?, of key: String) -> (any ObjectReader)? {
        log.addOpen()
        return reader.map { ObservedReader($0, of: key, log: log) }
    }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws { throw unchangeable(key) }

    func delete(_ key: String) throws { throw unchangeable(key) }

    func list(_ prefix: String) throws -> [ObjectEntry] { try base.list(prefix) }

    func children(of prefix: String) throws -> [String] { try base.children(of: prefix) }

    func size(of key: String) throws -> Int? { try base.size(of: key) }

    func synchronize() throws { try base.synchronize() }

    private func unchangeable(_ key: String) -> PipelineError {
        PipelineError(.configuration, "\(self)/\(key) is only read here")
    }
}

/// What was read, ranges of objects, and how often one was opened; threads may add to it at once.
final class ReadLog: Sendable {
    /// A range of an object.
    struct Entry: Sendable {
        let key: String
        let range: Range<Int>
    }

    private let state = Mutex((entries: [Entry](), opens: 0))

    /// What was read since the last ``clear()``: some 50 bytes for each read.
    var entries: [Entry] { state.withLock { $0.entries } }
    /// Objects that were opened since.
    var opens: Int { state.withLock { $0.opens } }

    /// Bytes that were read at least once since.
    var distinctBytes: Int {
        Dictionary(grouping: entries, by: \.key).values.reduce(0) { sum, reads in
            let ranges = reads.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
            return sum + ByteRun.joining(ranges, gap: 0).reduce(0) { $0 + $1.range.count }
        }
    }

    func clear() { state.withLock { $0 = ([], 0) } }

    fileprivate func add(_ key: String, range: Range<Int>) {
        state.withLock { $0.entries.append(Entry(key: key, range: range)) }
    }

    fileprivate func addOpen() { state.withLock { $0.opens += 1 } }
}

private struct ObservedReader: ObjectReader {
    private let base: any ObjectReader
    private let key: String
    private let log: ReadLog

    init(_ base: any ObjectReader, of key: String, log: ReadLog) {
        self.base = base
        self.key = key
        self.log = log
    }

    var holdsDescriptor: Bool { base.holdsDescriptor }

    func expectScatteredReads() { base.expectScatteredReads() }

    func announce(_ ranges: [Range<Int>]) { base.announce(ranges) }

    func size() throws -> Int { try base.size() }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        log.add(key, range: offset..<(offset + buffer.count))
        try unsafe base.read(offset, into: buffer)
    }

    func readSuffix(into buffer: UnsafeMutableRawBufferPointer) throws {
        try unsafe base.readSuffix(into: buffer)
        let size = try base.size()
        log.add(key, range: (size - buffer.count)..<size)
    }
}
