import Glibc

/// What of a file the system keeps in memory.
enum PageCache {
    /// Asks the system to forget a file's pages; those that were never written to disk stay.
    ///
    /// The C function is `posix_fadvise`.
    static func evict(_ path: String) throws(PipelineError) {
        let file = try LocalFile(reading: path)
        try file.synchronize()
        let status = posix_fadvise(file.descriptor, 0, 0, Int32(POSIX_FADV_DONTNEED))
        guard status == 0 else { throw SystemCall.failure("evict from the page cache", path, errno: status) }
    }

    /// Pages of a file that are in memory, and all its pages.
    ///
    /// The C function is `mincore`.
    static func residency(_ path: String) throws(PipelineError) -> (resident: Int, total: Int) {
        let file = try LocalFile(reading: path)
        let size = try file.size()
        guard size > 0 else { return (0, 0) }
        guard let pages = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file.descriptor, 0), unsafe pages != MAP_FAILED
        else { throw SystemCall.failure("map", path) }
        defer { unsafe munmap(pages, size) }
        let total = (size + pageSize - 1) / pageSize
        var states = [UInt8](repeating: 0, count: total)
        guard unsafe mincore(pages, size, &states) == 0 else {
            throw SystemCall.failure("look into the page cache of", path)
        }
        return (states.count { $0 & 1 == 1 }, total)
    }

    private static let pageSize = sysconf(Int32(_SC_PAGESIZE))
}
