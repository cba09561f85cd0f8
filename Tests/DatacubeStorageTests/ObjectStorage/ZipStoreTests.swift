import Testing

@testable import DatacubeStorage

/// Archives of our own and of others, made byte by byte as APPNOTE.TXT says.
@Suite struct ZipStoreTests {
    private static let key = "35VLH/2024.zip"

    @Test func whatWasPackedComesBack() async throws {
        try await withTemporaryDirectory { directory in
            let (store, objects) = try await packed(in: directory)
            #expect(try store.list("").map(\.key) == objects.keys.sorted())
            #expect(try store.list("10m/").map(\.key) == ["10m/data/c/0/0", "10m/zarr.json"])
            #expect(try store.children(of: "") == ["10m", "zarr.json"])
            for (key, bytes) in objects {
                #expect(try store.get(key) == bytes && store.size(of: key) == bytes.count)
                #expect(store.checksum(of: key) == CRC32.checksum(of: bytes))
            }
            #expect(try store.get("10m/data/c/0/1") == nil && store.size(of: "10m") == nil)
            #expect(
                try store.get("10m/data/c/0/0", range: 100..<103) == Array((objects["10m/data/c/0/0"] ?? [])[100..<103])
            )
            #expect(throws: PipelineError.self) { try store.get("zarr.json", range: 0..<9) }
            #expect(store.properties.container == Self.key && store.properties.folder == nil)
        }
    }

    /// The directory comes by one read; an object of ours then by one, without a look at its header.
    @Test func theDirectoryAloneTellsWhereObjectsAre() async throws {
        try await withTemporaryDirectory { directory in
            let objects = try await packed(in: directory).objects
            let counting = CountingStore()
            try counting.put(Self.key, FileSystem.contents(of: "\(directory)/\(Self.key)"), durability: .deferred)
            let store = try #require(try ZipStore.open(Self.key, in: counting))
            #expect(counting.readCount == 1)
            for key in objects.keys.sorted() { _ = try store.get(key) }
            #expect(counting.readCount == 1 + objects.count)
            #expect(counting.readBytes - counting.reads[0].count == objects.values.reduce(0) { $0 + $1.count })
        }
    }

    /// Fields before the content, a gap behind it, a comment, a folder, and a name that was written twice.
    @Test func archivesOfOthersAreRead() throws {
        var archive = Archive()
        archive.add("a", [1, 2, 3], extra: [0xFE, 0xCA, 2, 0, 7, 7])
        archive.add("b", [4], gap: 16)
        archive.add("folder/", [])
        archive.add("a", [5, 6])
        let store = try open(archive.bytes(comment: "PK\u{5}\u{6} of nobody"))
        #expect(try store.list("") == [ObjectEntry(key: "a", size: 2), ObjectEntry(key: "b", size: 1)])
        #expect(try store.get("a") == [5, 6] && store.get("b") == [4])
    }

    /// 5 GiB lie between two entries; the file has a hole there.
    @Test func offsetsBeyondFourGiBAreKept() throws {
        let far = 5 << 30
        let entries = [
            ZipEntry(name: "near", size: 2, checksum: 1, headerOffset: 0),
            ZipEntry(name: "far", size: 3, checksum: 2, headerOffset: far),
        ]
        let directory = ZipDirectory(entries: entries, start: far + ZipEntry.storedBytes(name: "far", size: 3))
        try withTemporaryDirectory { folder in
            let path = folder + "/a.zip"
            try AtomicFile.create(path) { file in
                try file.write(entries[1].localHeader() + [7, 8, 9], at: far)
                try file.write(directory.bytes(), at: directory.start)
            }
            let store = try #require(try ZipStore.open("a.zip", in: LocalStore(root: folder)))
            #expect(try store.get("far") == [7, 8, 9])
            let read = try #require(try LocalStore(root: folder).reader(of: "a.zip"))
            #expect(try ZipDirectory(of: read).entries == entries)
        }
    }

    @Test func whatIsNoArchiveIsNamed() throws {
        var archive = Archive()
        archive.add("a", [1, 2, 3])
        let whole = archive.bytes()
        var misplaced = whole
        // The offset of the directory, in the end record.
        misplaced[whole.count - 22 + 18] = 0xFF
        for (bytes, words) in [
            (Array(whole.dropLast(30)), "does not end"), (misplaced, "beyond its end"), ([], "does not end"),
            (Array("<html>not found</html>".utf8), "does not end"),
        ] {
            let error = #expect(throws: PipelineError.self) { try open(bytes) }
            #expect(error?.code == .corrupt && error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(Self.key) == true)
        }
    }

    @Test func compressedEntriesAreRefused() throws {
        var archive = Archive()
        archive.add("a", [1, 2, 3], method: 8)
        let error = #expect(throws: PipelineError.self) { try open(archive.bytes()) }
        #expect(error?.code == .unsupported && error?.message.contains("a is compressed") == true)
    }

    /// Whatever byte is another one, the answer is right or an error, and nothing beyond the archive is read.
    @Test func damagedDirectoriesAreErrors() throws {
        var archive = Archive()
        archive.add("a", [1, 2, 3])
        archive.add("b/c", [UInt8](repeating: 9, count: 50))
        let bytes = archive.bytes()
        for position in bytes.indices {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[position] = value
                guard let store = try? open(damaged) else { continue }
                for entry in try store.list("") { _ = try? store.get(entry.key) }
            }
        }
    }

    private func open(_ bytes: [UInt8]) throws -> ZipStore {
        let base = MemoryStore()
        try base.put(Self.key, bytes, durability: .deferred)
        return try #require(try ZipStore.open(Self.key, in: base))
    }

    private func packed(in directory: String) async throws -> (store: ZipStore, objects: [String: [UInt8]]) {
        let objects = [
            "zarr.json": Array("{}".utf8), "10m/zarr.json": Array("{ }".utf8),
            "10m/data/c/0/0": (0..<70_000).map { UInt8(truncatingIfNeeded: $0) },
        ]
        let memory = MemoryStore()
        for (key, bytes) in objects { try memory.put(key, bytes, durability: .deferred) }
        let path = "\(directory)/\(Self.key)"
        try FileSystem.createDirectories(FileSystem.parent(of: path))
        let keys = objects.keys.sorted()
        try await ZipWriter.write(keys, of: memory, to: path, on: BlockingExecutor(width: 2))
        return (try #require(try ZipStore.open(Self.key, in: LocalStore(root: directory))), objects)
    }
}

/// An archive as other programs may write it.
private struct Archive {
    private var content: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ bytes: [UInt8], method: UInt16 = 0, extra: [UInt8] = [], gap: Int = 0) {
        let entry = ZipEntry(
            name: name,
            size: bytes.count,
            checksum: CRC32.checksum(of: bytes),
            headerOffset: content.count
        )
        var header = entry.localHeader()
        header[28] = UInt8(extra.count)
        content += header + extra + bytes + [UInt8](repeating: 0xEE, count: gap)
        var record = entry.directoryRecord()
        record[10] = UInt8(method)
        directory += record
        count += 1
    }

    /// Without any ZIP64 record.
    func bytes(comment: String = "") -> [UInt8] {
        var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0, UInt8(count), 0, UInt8(count), 0]
        for number in [directory.count, content.count] { end += (0..<4).map { UInt8(number >> ($0 * 8) & 0xFF) } }
        return content + directory + end + [UInt8(comment.utf8.count), 0] + Array(comment.utf8)
    }
}

extension LocalFile {
    fileprivate func write(_ bytes: [UInt8], at offset: Int) throws {
        try bytes.withUnsafeBytes { try write($0, at: offset) }
    }
}
