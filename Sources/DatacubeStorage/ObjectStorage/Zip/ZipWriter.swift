import Synchronization

/// Writes the objects of a store into one ZIP archive, stored as they are.
///
/// Sizes are known beforehand, and so is where each entry goes: threads write them side by side, each holding one object.
enum ZipWriter {
    /// Writes the objects of those keys, in that order, to a file that does not exist yet.
    ///
    /// - Throws: `mismatch` where an object changes meanwhile, `unsupported` for one of 4 GiB and more.
    static func write(
        _ keys: [String],
        of store: any ObjectStore,
        to path: String,
        on executor: BlockingExecutor
    ) async throws {
        let file = try await executor.run { OpenFile(try LocalFile(creating: path)) }
        let sizes = try await sizes(of: keys, in: store, on: executor)
        var offsets = [0]
        for (key, size) in zip(keys, sizes) {
            offsets.append((offsets.last ?? 0) + ZipEntry.storedBytes(name: key, size: size))
        }
        let entries = Mutex([ZipEntry?](repeating: nil, count: keys.count))
        try await executor.forEach(keys.count) { [offsets] index in
            let entry = try write(keys[index], of: store, size: sizes[index], at: offsets[index], to: file)
            entries.withLock { $0[index] = entry }
        }
        let written = entries.withLock { $0.compactMap { $0 } }
        try await executor.run { [end = offsets[keys.count]] in
            try file.write(ZipDirectory(entries: written, start: end).bytes(), at: end)
        }
    }

    private static func sizes(
        of keys: [String],
        in store: any ObjectStore,
        on executor: BlockingExecutor
    ) async throws -> [Int] {
        let sizes = Mutex([Int](repeating: 0, count: keys.count))
        try await executor.forEach(keys.count) { index in
            let size = try store.size(of: keys[index]) ?? 0
            guard size < Int(ZipEntry.escape32) else {
                throw PipelineError(.unsupported, "\(store)/\(keys[index]) has 4 GiB or more; make smaller chunks")
            }
            sizes.withLock { $0[index] = size }
        }
        return sizes.withLock { $0 }
    }

    private static func write(
        _ key: String,
        of store: any ObjectStore,
        size: Int,
        at offset: Int,
        to file: OpenFile
    ) throws -> ZipEntry {
        guard let content = try store.get(key, limit: Int(ZipEntry.escape32)), content.count == size else {
            throw PipelineError(.mismatch, "\(store)/\(key) changed while it was packed")
        }
        let entry = ZipEntry(name: key, size: size, checksum: CRC32.checksum(of: content), headerOffset: offset)
        let header = entry.localHeader()
        try file.write(header, at: offset)
        try file.write(content, at: offset + header.count)
        return entry
    }

    /// A file that several threads write, each its own part.
    private final class OpenFile: Sendable {
        private let file: LocalFile

        init(_ file: consuming LocalFile) { self.file = file }

        func write(_ bytes: [UInt8], at offset: Int) throws {
            try unsafe bytes.withUnsafeBytes { try unsafe file.write($0, at: offset) }
        }
    }
}
