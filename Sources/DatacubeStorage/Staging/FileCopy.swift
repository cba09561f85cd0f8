import Glibc

/// One file on its way to the node's disk, in three steps that the stager does for many files at a time:
/// copy to a temporary name, verify what the disk holds, give it its name.
struct FileCopy: Sendable {
    let source: String
    let target: String
    let status: FileStatus
    let temporary: String

    // Large enough that a call's cost vanishes, small enough that a hundred threads stay under 128 MiB.
    private static let pieceBytes = 1 << 20

    init(source: String, target: String, status: FileStatus) {
        self.source = source
        self.target = target
        self.status = status
        temporary = AtomicFile.temporaryName(for: target)
    }

    /// Whether the target already holds the file: same size and modification time, as rsync judges.
    static func isPresent(_ target: String, like source: FileStatus) throws -> Bool {
        guard let found = try FileSystem.status(target) else { return false }
        return found.kind == .file && found.size == source.size && found.modified == source.modified
    }

    /// Copies to the temporary name and returns the CRC-32 of what was read.
    ///
    /// - Throws: ``PipelineError`` when the source's size is not what its listing said: it is still being written.
    func copy() throws -> UInt32 {
        try FileSystem.createDirectories(FileSystem.parent(of: target))
        let input = try LocalFile(reading: source)
        let output = try LocalFile(creating: temporary)
        var checksum: UInt32 = 0
        try unsafe FileCopy.pieces(of: input, count: status.size) { piece, offset in
            checksum = unsafe CyclicRedundancyCheck.crc32.checksum(piece, continuing: checksum)
            try unsafe output.write(piece, at: offset)
        }
        guard try input.size() == status.size else {
            throw PipelineError(.mismatch, "\(source) changed while it was staged; run again when it is complete")
        }
        // Both times, access and modification, get the source's modification time.
        let time = timespec(tv_sec: status.modified / 1_000_000_000, tv_nsec: status.modified % 1_000_000_000)
        var times = [time, time]
        try SystemCall.check("write", temporary) { unsafe futimens(output.descriptor, &times) }
        return checksum
    }

    /// Reads the copy back from the disk, not from memory, and compares it with what was read from the source.
    ///
    /// The caller has flushed the file system before, so that the pages can be dropped.
    func verify(_ expected: UInt32) throws {
        let file = try LocalFile(reading: temporary)
        guard try file.size() == status.size else {
            throw PipelineError(.mismatch, "\(target): the copy has another size than \(source); check the disk")
        }
        _ = posix_fadvise(file.descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
        var checksum: UInt32 = 0
        try unsafe FileCopy.pieces(of: file, count: status.size) { piece, _ in
            checksum = unsafe CyclicRedundancyCheck.crc32.checksum(piece, continuing: checksum)
        }
        guard checksum == expected else {
            throw PipelineError(.mismatch, "\(target): the copy's checksum is not that of \(source); check the disk")
        }
    }

    /// Gives the copy its name.
    func publish() throws { try FileSystem.rename(temporary, to: target) }

    /// Removes the temporary name, if it is there.
    func discard() { try? FileSystem.remove(temporary) }

    private static func pieces(
        of file: borrowing LocalFile,
        count: Int,
        _ use: (UnsafeRawBufferPointer, Int) throws -> Void
    ) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, min(count, pieceBytes)), alignment: 4096)
        defer { unsafe buffer.deallocate() }
        var offset = 0
        while offset < count {
            let piece = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, count - offset)])
            try unsafe file.read(into: piece, at: offset)
            try unsafe use(UnsafeRawBufferPointer(piece), offset)
            offset += piece.count
        }
    }
}
