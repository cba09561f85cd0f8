/// The entries of a ZIP archive as objects, only to be read.
///
/// The archive's directory is read once, when the store is opened. After that, reading an object takes what it takes to read
/// that part of the archive: where entries lie is known from the directory alone.
struct ZipStore: ObjectStore {
    let archive: any ObjectReader
    let directory: ZipDirectory
    private let base: any ObjectStore
    private let key: String
    private let places: [String: Place]

    /// An entry, and where its content begins; nil where only the local header tells.
    private struct Place {
        let entry: ZipEntry
        let start: Int?
    }

    /// Opens the archive at a key of another store; nil where there is none.
    ///
    /// - Throws: `corrupt` or `unsupported` naming the archive.
    static func open(_ key: String, in base: any ObjectStore) throws -> ZipStore? {
        guard let archive = try base.reader(of: key, fetchingLast: ZipDirectory.likelyBytes) else { return nil }
        do {
            return ZipStore(archive, base: base, key: key, directory: try ZipDirectory(of: archive))
        } catch {
            throw PipelineError.told(error, within: "\(base)/\(key)")
        }
    }

    private init(_ archive: any ObjectReader, base: any ObjectStore, key: String, directory: ZipDirectory) {
        (self.archive, self.base, self.key, self.directory) = (archive, base, key, directory)
        // An entry's content ends where the next one begins, or the directory: from that follows where it begins, unless
        // something lies between.
        let ascending = directory.entries.sorted { $0.headerOffset < $1.headerOffset }
        let ends = ascending.dropFirst().map(\.headerOffset) + [directory.start]
        let starts = zip(ascending, ends).map { entry, end in
            entry.headerOffset + ZipEntry.storedBytes(name: entry.name, size: entry.size) == end
                ? end - entry.size : nil
        }
        var places: [String: Place] = [:]
        let byOffset = Dictionary(zip(ascending.map(\.headerOffset), starts)) { first, _ in first }
        for entry in directory.entries {
            places[entry.name] = Place(entry: entry, start: byOffset[entry.headerOffset] ?? nil)
        }
        self.places = places
    }

    /// The archive's own place.
    var description: String { "\(base)/\(key)" }

    /// As the store that has the archive, but that objects are no files.
    var properties: StoreProperties {
        var properties = base.properties
        properties.folder = nil
        properties.container = key
        return properties
    }

    func get(_ key: String, limit: Int) throws -> [UInt8]? {
        guard let reader = try entryReader(key) else { return nil }
        guard reader.range.count <= limit else { throw tooLarge(key, size: reader.range.count, limit: limit) }
        return try reader.read(count: reader.range.count, at: 0)
    }

    func reader(of key: String) throws -> (any ObjectReader)? { try entryReader(key) }

    func put(_ key: String, _ bytes: [UInt8], durability: AtomicFile.Durability) throws { throw readOnly }

    func delete(_ key: String) throws { throw readOnly }

    func list(_ prefix: String) throws -> [ObjectEntry] {
        places.values.filter { $0.entry.name.hasPrefix(prefix) }
            .map { ObjectEntry(key: $0.entry.name, size: $0.entry.size) }.sorted { $0.key < $1.key }
    }

    func size(of key: String) throws -> Int? { places[key]?.entry.size }

    func synchronize() throws {}

    /// What the directory says of an entry.
    func checksum(of key: String) -> UInt32? { places[key]?.entry.checksum }

    private var readOnly: PipelineError {
        PipelineError(.unsupported, "\(self) is an archive, which is written as a whole")
    }

    private func entryReader(_ key: String) throws -> ZipEntryReader? {
        guard let place = places[key] else { return nil }
        let start = try place.start ?? contentStart(of: place.entry)
        return ZipEntryReader(archive: archive, range: start..<(start + place.entry.size), name: "\(self)/\(key)")
    }

    /// Where an entry's content begins, by its local header.
    private func contentStart(of entry: ZipEntry) throws -> Int {
        let header = LittleEndianFields(
            try archive.read(count: ZipEntry.localHeaderBytes, at: entry.headerOffset)[...]
        )
        guard let name = header.uint16(at: 26), let extra = header.uint16(at: 28) else { return entry.headerOffset }
        return entry.headerOffset + ZipEntry.localHeaderBytes + Int(name) + Int(extra)
    }
}

/// The content of one entry, a range of the open archive.
private struct ZipEntryReader: ObjectReader {
    let archive: any ObjectReader
    let range: Range<Int>
    let name: String

    func announce(_ ranges: [Range<Int>]) {
        archive.announce(ranges.map { ($0.lowerBound + range.lowerBound)..<($0.upperBound + range.lowerBound) })
    }

    func size() throws -> Int { range.count }

    func read(_ offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, buffer.count <= range.count, offset <= range.count - buffer.count else {
            throw PipelineError(
                .corrupt,
                "\(name) ends at byte \(range.count); \(buffer.count) bytes were expected at \(offset)"
            )
        }
        try unsafe archive.read(range.lowerBound + offset, into: buffer)
    }
}
