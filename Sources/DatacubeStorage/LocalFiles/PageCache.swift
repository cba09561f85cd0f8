import Glibc

/// What of a file the system keeps in memory.
enum PageCache {
    /// Asks the system to forget a file's pages; those that were never written to disk, or that a process has mapped, stay.
    ///
    /// The C function is `posix_fadvise`.
    static func evict(_ path: String) throws(PipelineError) {
        let file = try LocalFile(reading: path)
        try file.synchronize()
        let status = posix_fadvise(file.descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
        guard status == 0 else { throw SystemCall.failure("evict from the page cache", path, errno: status) }
    }

    /// Which pages of a file are in memory.
    ///
    /// The C function is `mincore`. It takes a byte a page: 25 MiB for a file of 100 GiB.
    static func residency(_ path: String) throws(PipelineError) -> FileResidency {
        let file = try LocalFile(reading: path)
        let size = try file.size()
        guard size > 0 else { return FileResidency(pages: [], pageSize: pageSize) }
        guard let pages = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.descriptor, 0), unsafe pages != MAP_FAILED
        else { throw SystemCall.failure("map", path) }
        defer { unsafe munmap(pages, size) }
        var states = [UInt8](repeating: 0, count: (size + pageSize - 1) / pageSize)
        guard unsafe mincore(pages, size, &states) == 0 else {
            throw SystemCall.failure("look into the page cache of", path)
        }
        return FileResidency(pages: states, pageSize: pageSize)
    }

    /// Makes the system forget directory entries and inodes that nobody uses, of all file systems; false where this process
    /// may not.
    static func dropEntries() -> Bool {
        let descriptor = unsafe open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { _ = close(descriptor) }
        return unsafe write(descriptor, "2", 1) == 1
    }

    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
}

/// Which pages of a file were in memory at a moment.
struct FileResidency: Sendable {
    /// The lowest bit tells, for each page.
    let pages: [UInt8]
    let pageSize: Int

    /// Pages that a range of bytes touches, and how many of them were in memory.
    func count(_ range: Range<Int>) -> (resident: Int, total: Int) {
        guard !range.isEmpty, range.lowerBound >= 0 else { return (0, 0) }
        let first = min(range.lowerBound / pageSize, pages.count)
        let touched = first..<max(first, min((range.upperBound - 1) / pageSize + 1, pages.count))
        return (pages[touched].count { $0 & 1 == 1 }, touched.count)
    }
}
