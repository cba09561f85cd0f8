import Synchronization

/// One file on its way from the network drive to the node's disk.
final class FileCopy: IncomingFile {
    let source: String
    let target: String
    let lock: TargetLock?
    let temporary: String
    let rank: Int
    private let status: FileStatus
    // Of what was read from the source.
    private let checksum = Atomic<UInt32>(0)
    // Whether the copy shares the source's blocks, so that there is nothing to compare.
    private let isClone = Atomic<Bool>(false)

    // Large enough that a call's cost vanishes, and so little that glibc takes it from what was freed, not from the kernel,
    // which would have to clear it.
    private static let pieceBytes = 96 << 10

    init(source: String, target: String, status: FileStatus, rank: Int, _ lock: TargetLock?) {
        self.source = source
        self.target = target
        self.status = status
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

    /// Copies the file, the only piece.
    ///
    /// - Throws: ``PipelineError`` when the source's size is not what its listing said: it is still being written.
    func fetch(_ piece: Range<Int>) throws {
        let input = try LocalFile(reading: source)
        let output = try LocalFile(creating: temporary)
        if output.clone(input) { isClone.store(true, ordering: .releasing) } else { try copy(input, to: output) }
        guard try input.size() == size, try output.size() == size else {
            throw PipelineError(.mismatch, "\(source) changed while it was staged; run again when it is complete")
        }
        try output.setTimes(status.modified)
        // The disk is busy from the first file on, and has little left to do when a batch is flushed.
        if size > 0 { output.beginWriting(0..<size) }
    }

    private func copy(_ input: borrowing LocalFile, to output: borrowing LocalFile) throws {
        var checksum: UInt32 = 0
        try unsafe FileCopy.pieces(of: input, count: size) { piece, offset in
            checksum = unsafe CyclicRedundancyCheck.crc32c.checksum(piece, continuing: checksum)
            try unsafe output.write(piece, at: offset)
        }
        self.checksum.store(checksum, ordering: .releasing)
    }

    func verify() throws {
        let file = try LocalFile(reading: temporary)
        guard try file.size() == size else {
            throw PipelineError(.mismatch, "\(target): the copy has another size than \(source); check the disk")
        }
        if isClone.load(ordering: .acquiring) { return }
        var checksum: UInt32 = 0
        try unsafe FileCopy.pieces(of: file, count: size) { piece, _ in
            checksum = unsafe CyclicRedundancyCheck.crc32c.checksum(piece, continuing: checksum)
        }
        guard checksum == self.checksum.load(ordering: .acquiring) else {
            throw PipelineError(.mismatch, "\(target): the copy's checksum is not that of \(source); check the disk")
        }
    }

    func complete() {}

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
