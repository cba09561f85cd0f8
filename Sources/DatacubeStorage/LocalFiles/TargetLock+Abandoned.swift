import Glibc

/// What killed runs leave of a lock.
extension TargetLock {
    // Nobody prepares a claim for a day.
    private static let abandonedAfter = 86_400.0

    /// Removes a lock whose owner is certainly gone, and what claims left beside it; for a run that has nothing to do,
    /// and so takes no lock.
    ///
    /// What may be in use stays. Nothing that fails is of account: the next run that takes the lock tries again.
    ///
    /// - Parameters:
    ///   - path: The lock, which need not exist.
    ///   - keepsWork: Whether the lock stays when it holds work that the next owner could go on with.
    public static func clearAbandoned(path: String, keepsWork: Bool = true) {
        if let holder = try? LockHolder.read(path) {
            let folder = FileSystem.join(path, holder.token)
            let names = (try? FileSystem.list(folder)) ?? []
            let isGone = holder.owner.standing(towards: .current(environment: [:])) == .gone
            if isGone, !keepsWork || !names.contains(where: LockHolder.isWork) { try? clear(folder, of: path) }
        }
        // Empty it is free; whoever takes it makes it anew.
        _ = unsafe rmdir(path)
        sweep(beside: path)
    }

    /// Takes an owner's folder out of the lock in one step, so that nobody finds it half removed, and removes both.
    static func clear(_ workFolder: String, of path: String) throws(PipelineError) {
        let aside = "\(path).\(FileSystem.name(of: workFolder)).released"
        try FileSystem.rename(workFolder, to: aside)
        try? FileSystem.remove(aside)
        _ = unsafe rmdir(path)
    }

    /// Removes what claims and owners left beside the lock that were killed while they prepared or gave back.
    static func sweep(beside path: String) {
        let folder = FileSystem.parent(of: path)
        let prefix = FileSystem.name(of: path) + "."
        let names = (try? FileSystem.list(folder)) ?? []
        for name in names where name.hasPrefix(prefix) {
            let leftover = FileSystem.join(folder, name)
            let mark = name.dropFirst(prefix.count).prefix { $0 != "." }
            guard
                name.hasSuffix(".released") || ProcessIdentity.isCertainlyGone(mark: mark) || isAbandoned(leftover)
            else { continue }
            try? FileSystem.remove(leftover)
        }
    }

    private static func isAbandoned(_ path: String) -> Bool {
        guard let made = try? FileSystem.status(path)?.modified else { return false }
        return SystemClock.sinceEpoch() - Double(made) / 1e9 > abandonedAfter
    }
}
