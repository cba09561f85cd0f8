/// Whether files fit the disks that they go to.
enum FreeSpace {
    // Room for directories, block rounding and the job's own files.
    private static let reserve = 64 << 20

    /// Refuses files that do not fit.
    ///
    /// - Throws: `noSpace` telling how much is missing.
    static func check(_ files: [any IncomingFile], remedy: String) throws {
        var needed: [UInt64: (bytes: Int, folder: String)] = [:]
        for (parent, files) in Dictionary(grouping: files, by: { FileSystem.parent(of: $0.target) }) {
            let folder = try FileSystem.nearestDirectory(atOrAbove: parent)
            guard let device = try FileSystem.status(folder)?.device else { continue }
            needed[device, default: (0, folder)].bytes += files.reduce(0) { $0 + $1.size + 4096 }
        }
        for (bytes, folder) in needed.values {
            let free = try FileSystem.freeBytes(at: folder)
            guard bytes + reserve > free else { continue }
            let missing = formatBytes(bytes + reserve - free)
            throw PipelineError(
                .noSpace,
                "\(folder) has \(formatBytes(free)) free, \(formatBytes(bytes)) are needed: \(missing) are missing; \(remedy)"
            )
        }
    }
}
