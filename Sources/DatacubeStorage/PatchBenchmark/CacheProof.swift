/// Whether a sample was taken in the state that was asked for.
struct CacheProof: Sendable {
    let cache: CacheState
    /// Whether the kernel counts what this file system reads from its disk for the process that reads.
    let countsDiskBytes: Bool

    // What a clock cannot tell from an empty cache: one page of a hundred, and what a disk reads once more.
    private static let (mostResident, leastFromDisk) = (0.01, 0.95)
    // Client file systems read by threads of their own; memory has no disk.
    private static let uncounted = [
        "lustre", "beegfs", "gpfs", "nfs", "nfs4", "ceph", "cifs", "smb3", "9p", "virtiofs", "afs", "wekafs",
    ]

    init(_ cache: CacheState, fileSystem: String) {
        self.cache = cache
        countsDiskBytes = !Self.uncounted.contains(fileSystem) && !fileSystem.hasPrefix("fuse")
    }

    /// Why a sample does not count, or nil.
    ///
    /// - Parameters:
    ///   - resident: Share of what was read that was in the page cache before.
    ///   - read: Bytes that were read, each counted once: what is read twice comes from the disk once.
    ///   - fromDisk: Bytes that the kernel says came from a disk.
    /// - Returns: the reason as a part of a sentence.
    func objection(resident: Double?, read: Int?, fromDisk: Int?) -> String? {
        switch cache {
        case .uncontrolled: return nil
        case .warm:
            guard let fromDisk, fromDisk > 0 else { return nil }
            return "warm, but \(formatBytes(fromDisk)) came from the disk"
        case .cold:
            if let resident, resident > Self.mostResident {
                return "cold, but \((resident * 100).significant(3)) % of what was read was in the page cache"
            }
            guard countsDiskBytes, let read, let fromDisk, read > 0 else { return nil }
            let share = Double(fromDisk) / Double(read)
            guard share < Self.leastFromDisk else { return nil }
            return "cold, but only \((share * 100).significant(3)) % of what was read came from the disk"
        }
    }
}
