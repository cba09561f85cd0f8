import Glibc

/// One file on its way from the network drive to the node's disk.
struct FileCopy: IncomingFile {
    let source: String
    let target: String
    let lock: TargetLock?
    let temporary: String
    let rank: Int
    private let status: FileStatus
    private let verification: Verification

    /// How a copy is checked.
    enum Verification: Sendable, Equatable {
        /// By its size alone.
        case none
        /// Each piece with what was read of the source.
        case comparison
        /// All of it, by what the inventory or the manifest lists.
        case listed(ListedFiles.File)
    }

    // The piece, the system's copy of it and what is read back stay in a processor's own cache of 1 MiB or more. It is also
    // so little that glibc takes it from what was freed, not from the kernel, which would have to clear it.
    private static let bufferBytes = 96 << 10
    // So large that opening both files for it does not count, and so small that all threads have some of an archive.
    private static let pieceBytes = 64 << 20

    init(
        source: String,
        target: String,
        status: FileStatus,
        rank: Int,
        verification: Verification,
        _ lock: TargetLock?
    ) {
        self.source = source
        self.target = target
        self.status = status
        self.verification = verification
        self.rank = rank
        self.lock = lock
        temporary = lock?.temporaryName(for: target) ?? AtomicFile.temporaryName(for: target)
    }

    var size: Int { status.size }

    /// One for most files; a large one is copied by several threads.
    var pieces: [Range<Int>] {
        size < 2 * Self.pieceBytes
            ? [0..<size]
            : stride(from: 0, to: size, by: Self.pieceBytes).map { $0..<min($0 + Self.pieceBytes, size) }
    }

    /// Whether the target already holds the file: same size and modification time, as rsync judges.
    static func isPresent(_ target: String, like source: FileStatus) throws -> Bool {
        guard let found = try FileSystem.status(target) else { return false }
        return found.kind == .file && found.size == source.size && found.modified == source.modified
    }

    /// Copies a piece, and compares what was written with what was read from the source.
    ///
    /// - Throws: ``PipelineError`` when the source's size is not what its listing said: it is still being written.
    func fetch(_ piece: Range<Int>) throws {
        let input = try LocalFile(reading: source)
        let output = try LocalFile(updating: temporary)
        // Clones share the source's blocks: there is nothing to compare.
        if !output.clone(piece, of: input) { try copy(piece, of: input, to: output) }
        guard try input.size() == size else { throw changed }
        if piece.count == size { try finish(output) }
        // The disk is busy from the first piece on, and has little left to do when a batch is flushed.
        if piece.count > 0 { output.beginWriting(piece) }
    }

    private func finish(_ output: borrowing LocalFile) throws {
        guard try output.size() == size else { throw changed }
        try output.setTimes(status.modified)
    }

    private var changed: PipelineError {
        PipelineError(.mismatch, "\(source) changed while it was staged; run again when it is complete")
    }

    private func copy(
        _ piece: Range<Int>,
        of input: borrowing LocalFile,
        to output: borrowing LocalFile
    ) throws {
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: 2 * Self.bufferBytes, alignment: 4096)
        defer { unsafe buffer.deallocate() }
        let readBack = unsafe buffer + Self.bufferBytes
        for offset in stride(from: piece.lowerBound, to: piece.upperBound, by: Self.bufferBytes) {
            let count = min(Self.bufferBytes, piece.upperBound - offset)
            try unsafe input.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count), at: offset)
            try unsafe output.write(UnsafeRawBufferPointer(start: buffer, count: count), at: offset)
            guard verification == .comparison else { continue }
            try unsafe output.read(into: UnsafeMutableRawBufferPointer(start: readBack, count: count), at: offset)
            guard unsafe memcmp(buffer, readBack, count) == 0 else {
                throw PipelineError(.mismatch, "\(target): the copy differs from \(source); check the disk and memory")
            }
        }
    }

    /// By what lists it, where something does; else each piece was compared as soon as it was written, while the processor
    /// had both.
    func verify() throws {
        guard case .listed(let file) = verification else { return }
        guard try MessageDigest.hexadecimal(ofFile: temporary, file.algorithm) != file.digest else { return }
        throw PipelineError(
            .mismatch,
            "\(source) is not as it is listed, or \(target) not what was read; try patch-bench verify --files"
        )
    }

    /// A file of several pieces gets its time when all of them are there.
    func complete() throws { if pieces.count > 1 { try finish(LocalFile(updating: temporary)) } }
}
