import Glibc

/// The same ranges as a load read, read once more, and nothing done with them: what device and network allow.
struct CeilingReads: Sendable {
    private let store: any ObjectStore
    private let ranges: [ReadLog.Entry]
    private let fromCache: Bool

    // Of a thread: as long as the longest piece, and aligned as a device's blocks are.
    private static let (pieceBytes, alignment) = (1 << 20, 4096)

    /// - Parameters:
    ///   - store: Where they lie.
    ///   - reads: What a load read.
    ///   - fromCache: Whether the page cache may serve them, as it serves a load that is warm.
    init(of store: any ObjectStore, _ reads: [ReadLog.Entry], fromCache: Bool) {
        self.store = store
        self.fromCache = fromCache
        ranges = reads.filter { !$0.range.isEmpty }
    }

    /// What they are called in results.
    static func means(_ store: any ObjectStore, fromCache: Bool) -> String {
        store.properties.folder == nil ? "requests" : fromCache ? "reads from the page cache" : "direct reads"
    }

    /// Seconds with as many reads in flight as the load had; nil where the file system has no direct reads.
    func seconds(threads: Int, workers: Int) async throws -> Double? {
        guard !ranges.isEmpty else { return nil }
        let executors = PatchThreads(threads * workers)
        let executor = executors.executor(for: store)
        let start = SystemClock.seconds()
        do {
            try await executor.forEach(ranges.count) { try read(ranges[$0]) }
        } catch is PipelineError {
            // The load itself is what fails a source; a ceiling is left out.
            return nil
        }
        return SystemClock.seconds() - start
    }

    private func read(_ entry: ReadLog.Entry) throws {
        guard let folder = store.properties.folder else {
            _ = try store.get(entry.key, range: entry.range)
            return
        }
        let path = FileSystem.join(folder, entry.key)
        let file = try LocalFile(reading: path, direct: !fromCache)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: Self.alignment)
        defer { unsafe buffer.deallocate() }
        let start = entry.range.lowerBound / Self.alignment * Self.alignment
        for offset in stride(from: start, to: entry.range.upperBound, by: Self.pieceBytes) {
            let wanted = entry.range.upperBound - offset
            let count = min(Self.pieceBytes, (wanted + Self.alignment - 1) / Self.alignment * Self.alignment)
            // The last block of a file is shorter.
            try unsafe file.readSome(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: offset)
        }
    }
}
