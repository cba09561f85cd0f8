import Glibc

/// One file on its way from the network drive to the node's disk.
struct FileCopy: IncomingFile {
    let source: String
    let target: String
    let lock: TargetLock?
    let temporary: String
    let rank: Int
    private let status: FileStatus
    private let verifies: Bool

    // The piece, the system's copy of it and what is read back stay in a processor's own cache of 1 MiB or more. It is also
    // so little that glibc takes it from what was freed, not from the kernel, which would have to clear it.
    private static let pieceBytes = 96 << 10

    init(source: String, target: String, status: FileStatus, rank: Int, verifies: Bool, _ lock: TargetLock?) {
        self.source = source
        self.target = target
        self.status = status
        self.verifies = verifies
        self.rank = rank
        self.lock = lock
        temporary = lock?.temporaryName(for: target) ?? AtomicFile.temporaryName(for: target)
    }

    var size: Int { status.size }
    var pieces: [Range<Int>] { [0..<size] }

    /// Whether the target already holds the file: same size and modification time, as rsync judges.
    static func isPresent(_ target: String, like source: FileStatus) throws -> Bool {
        guard let found = try FileSystem.status(target) else { return false }
        return found.kind == .file && found.size == source.size && found.modified == source.modified
    }

    /// Copies the file, the only piece, and compares what was written with what was read from the source.
    ///
    /// - Throws: ``PipelineError`` when the source's size is not what its listing said: it is still being written.
    func fetch(_ piece: Range<Int>) throws {
        let input = try LocalFile(reading: source)
        let output = try LocalFile(creating: temporary)
        // A clone shares the source's blocks: there is nothing to compare.
        if !output.clone(input) { try copy(input, to: output) }
        guard try input.size() == size, try output.size() == size else {
            throw PipelineError(.mismatch, "\(source) changed while it was staged; run again when it is complete")
        }
        try output.setTimes(status.modified)
        // The disk is busy from the first file on, and has little left to do when a batch is flushed.
        if size > 0 { output.beginWriting(0..<size) }
    }

    private func copy(_ input: borrowing LocalFile, to output: borrowing LocalFile) throws {
        let piece = UnsafeMutableRawPointer.allocate(byteCount: 2 * Self.pieceBytes, alignment: 4096)
        defer { unsafe piece.deallocate() }
        let readBack = unsafe piece + Self.pieceBytes
        for offset in stride(from: 0, to: size, by: Self.pieceBytes) {
            let count = min(Self.pieceBytes, size - offset)
            try unsafe input.read(into: UnsafeMutableRawBufferPointer(start: piece, count: count), at: offset)
            try unsafe output.write(UnsafeRawBufferPointer(start: piece, count: count), at: offset)
            guard verifies else { continue }
            try unsafe output.read(into: UnsafeMutableRawBufferPointer(start: readBack, count: count), at: offset)
            guard unsafe memcmp(piece, readBack, count) == 0 else {
                throw PipelineError(.mismatch, "\(target): the copy differs from \(source); check the disk and memory")
            }
        }
    }

    /// Each piece was compared as soon as it was written, while the processor had both.
    func verify() {}

    func complete() {}
}
