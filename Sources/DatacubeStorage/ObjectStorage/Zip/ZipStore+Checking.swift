import Synchronization

extension ZipStore {
    /// Finds out whether every byte of an archive is as it was written: headers and directory by writing them again,
    /// contents by their CRC-32.
    ///
    /// - Returns: The names of entries that are damaged, and `directory` where that is, or where there is more than entries.
    func damagedEntries(
        on executor: BlockingExecutor,
        onRead: @escaping @Sendable (_ bytes: Int) -> Void = { _ in }
    ) async throws -> [String] {
        let damaged = Mutex<[String]>([])
        let entries = directory.entries
        try await executor.forEach(entries.count) { index in
            let entry = entries[index]
            if try !isWhole(entry) { damaged.withLock { $0.append(entry.name) } }
            onRead(entry.size)
        }
        if try await executor.run({ try !isDirectoryWhole() }) { damaged.withLock { $0.append("directory") } }
        return damaged.withLock { $0.sorted() }
    }

    private func isWhole(_ entry: ZipEntry) throws -> Bool {
        let header = entry.localHeader()
        do {
            let found = try archive.read(count: header.count, at: entry.headerOffset)
            let content = try archive.read(count: entry.size, at: entry.headerOffset + header.count)
            return found == header && CRC32.checksum(of: content) == entry.checksum
        } catch let error as PipelineError where error.code == .corrupt {
            return false
        }
    }

    private func isDirectoryWhole() throws -> Bool {
        var end = 0
        for entry in directory.entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard entry.headerOffset == end else { return false }
            end += ZipEntry.storedBytes(name: entry.name, size: entry.size)
        }
        let expected = directory.bytes()
        guard try end == directory.start && archive.size() == end + expected.count else { return false }
        return try archive.read(count: expected.count, at: end) == expected
    }
}
