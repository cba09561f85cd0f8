import CSystem
import Glibc

/// An open file; closed when it goes out of scope.
public struct LocalFile: ~Copyable, Sendable {
    /// Where it was opened, for error texts.
    public let path: String
    let descriptor: Int32
    private var isOpen = true

    /// Opens a file for reading.
    ///
    /// The C function is `open`.
    public init(reading path: String) throws(PipelineError) {
        self.path = path
        self.descriptor = try SystemCall.check("read", path: path) { unsafe open(path, O_RDONLY | O_CLOEXEC) }
    }

    /// Opens a file for reading past the page cache, or as others are; offsets, counts and memory are then to be whole blocks.
    ///
    /// The C function is `open` with `O_DIRECT`, which some file systems do not have.
    init(reading path: String, direct: Bool) throws(PipelineError) {
        self.path = path
        let flags = O_RDONLY | O_CLOEXEC | (direct ? system_direct_flag() : 0)
        self.descriptor = try SystemCall.check("read", path: path) { unsafe open(path, flags) }
    }

    /// Reads bytes at an offset, fewer where the file ends.
    func readSome(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(PipelineError) {
        try SystemCall.check("read", path: path) {
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
        }
    }

    /// Creates a file that must not exist yet, for reading and writing.
    public init(creating path: String) throws(PipelineError) {
        self.path = path
        self.descriptor = try SystemCall.check("create", path: path) {
            unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        }
    }

    /// Opens a file for reading and writing where it is, or creates it.
    ///
    /// - Parameters:
    ///   - path: The file's name.
    ///   - emptied: Whether what it holds is dropped.
    /// - Throws: ``PipelineError`` naming the path.
    public init(updating path: String, emptied: Bool = false) throws(PipelineError) {
        self.path = path
        self.descriptor = try SystemCall.check("write", path: path) {
            unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | (emptied ? O_TRUNC : 0), 0o644)
        }
    }

    deinit { if isOpen { _ = Glibc.close(descriptor) } }

    /// Closes the file and tells whether the storage took what was written: file servers may refuse it as late as this.
    ///
    /// The C function is `close`.
    public consuming func close() throws(PipelineError) {
        isOpen = false
        // The descriptor is free whatever the answer is, also after an interruption.
        guard Glibc.close(descriptor) == 0 || errno == EINTR else { throw SystemCall.failure("write", path) }
    }

    /// Size in bytes.
    public func size() throws(PipelineError) -> Int { try status().size }

    func status() throws(PipelineError) -> FileStatus {
        var status = stat()
        try SystemCall.check("read", path: path) { unsafe fstat(descriptor, &status) }
        return FileStatus(status)
    }

    /// Reads bytes at an offset into `buffer`, all of them: a short read is an error.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(PipelineError) {
        var done = 0
        while done < buffer.count {
            let count = try SystemCall.check("read", path: path) {
                unsafe pread(
                    descriptor,
                    buffer.baseAddress.map { unsafe $0 + done },
                    buffer.count - done,
                    off_t(offset + done)
                )
            }
            guard count > 0 else {
                throw PipelineError(
                    .corrupt,
                    "\(path) ends at byte \(offset + done); \(buffer.count) bytes were expected at \(offset)"
                )
            }
            done += count
        }
    }

    /// Reads what there is of the bytes at an offset.
    ///
    /// - Returns: How many were read; fewer than the buffer holds at the end of the file only.
    func readWhatIsThere(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(PipelineError) -> Int {
        let there = min(buffer.count, max(0, try size() - offset))
        try unsafe read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<there]), at: offset)
        return there
    }

    /// Reads `count` bytes at an offset; a short read is an error.
    public func read(count: Int, at offset: Int) throws(PipelineError) -> [UInt8] {
        do {
            return try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
                try unsafe read(
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]),
                    at: offset
                )
                initialized = count
            }
        } catch {
            throw PipelineError.wrapping(error)
        }
    }

    /// Writes all bytes at an offset.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(PipelineError) {
        var done = 0
        while done < bytes.count {
            done += try SystemCall.check("write", path: path) {
                unsafe pwrite(
                    descriptor,
                    bytes.baseAddress.map { unsafe $0 + done },
                    bytes.count - done,
                    off_t(offset + done)
                )
            }
        }
    }

    /// Makes a range of this file share the blocks of another one, which costs neither time nor space.
    ///
    /// The range begins and ends at a block's border, or ends with the other file. The C function is `ioctl` with
    /// `FICLONERANGE`.
    ///
    /// - Returns: Whether it does; false on other file systems than XFS, Btrfs and the like, and across two of them.
    func clone(_ range: Range<Int>, of source: borrowing LocalFile) -> Bool {
        system_clone_range(descriptor, source.descriptor, range.lowerBound, range.count) == 0
    }

    /// Drops what lies behind the first `size` bytes.
    ///
    /// The C function is `ftruncate`.
    public func truncate(to size: Int) throws(PipelineError) {
        try SystemCall.check("write", path: path) { ftruncate(descriptor, off_t(size)) }
    }

    /// Sets the times of access and modification, in nanoseconds since 1970.
    ///
    /// The C function is `futimens`.
    func setTimes(_ nanoseconds: Int) throws(PipelineError) {
        let time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
        var times = [time, time]
        try SystemCall.check("write", path: path) { unsafe futimens(descriptor, &times) }
    }

    /// Turns reading ahead off: what lies behind a wanted part is not wanted.
    ///
    /// The C function is `posix_fadvise`.
    func expectScatteredReads() { _ = posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_RANDOM)) }

    // The kernel cuts off what is longer than one request to the disk.
    private static let announcedAtOnce = 128 << 10

    /// Lets the kernel begin to read some bytes, without waiting for them.
    ///
    /// The C function is `posix_fadvise`.
    func announce(_ range: Range<Int>) {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.announcedAtOnce) {
            let count = min(Self.announcedAtOnce, range.upperBound - start)
            _ = posix_fadvise(descriptor, off_t(start), off_t(count), Int32(POSIX_FADV_WILLNEED))
        }
    }

    /// Lets the disk begin to write what the system has in memory of a range of the file, without waiting for it.
    ///
    /// The C function is `sync_file_range`.
    func beginWriting(_ range: Range<Int>) { system_begin_writing(descriptor, range.lowerBound, range.count) }

    /// Waits until the bytes are on disk.
    ///
    /// The C function is `fdatasync`.
    public func synchronize() throws(PipelineError) {
        try SystemCall.check("write", path: path) { fdatasync(descriptor) }
    }

    /// Waits until everything written so far to this file's file system is on disk.
    ///
    /// The C function is `syncfs`.
    public func synchronizeFileSystem() throws(PipelineError) {
        try SystemCall.check("write", path: path) { system_syncfs(descriptor) }
    }
}

/// What the file system says of a path.
public struct FileStatus: Sendable, Equatable {
    /// The kinds that matter here.
    public enum Kind: Sendable { case file, directory, link, other }
    /// File, directory, symbolic link or something else; only ``FileSystem/linkStatus(_:)`` tells of links.
    public let kind: Kind
    /// Bytes.
    public let size: Int
    /// Modification time in nanoseconds since 1970.
    public let modified: Int
    /// When content, name or owner last changed, in nanoseconds since 1970; no program can set it.
    public let changed: Int
    /// Device and inode, to tell whether two paths are one file.
    public let device: UInt64
    /// See ``device``.
    public let inode: UInt64

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFLNK: kind = .link
        default: kind = .other
        }
        size = Int(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }

    // The last that 64 bits tell is in 2262; file systems know later ones.
    private static func nanoseconds(_ time: timespec) -> Int {
        let (seconds, overflow) = time.tv_sec.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return time.tv_sec < 0 ? .min : .max }
        let (sum, isTooLate) = seconds.addingReportingOverflow(time.tv_nsec)
        return isTooLate ? .max : sum
    }
}
