/// What keeps mirrors of one folder apart: those of different tile-years may run side by side, as array tasks do.
enum MirrorLocks {
    private static let all = ".mirror.lock"
    private static let prefix = ".mirror-"

    /// Takes the locks of the tile-years that are selected, or of the whole folders.
    static func take(_ settings: MirrorJob.Settings) async throws -> TargetLocks {
        let filter = settings.filter
        let parts = filter.tiles.flatMap { tile in filter.years.map { "\(prefix)\(tile)-\($0).lock" } }
        let locks = try await TargetLocks.take(
            settings.trees.map(\.folder),
            names: parts.isEmpty ? [all] : Array(Set(parts))
        )
        do {
            // Each looks for the other only after it took its own, so that two at once cannot miss each other.
            try locks.exclude { parts.isEmpty ? $0.hasPrefix(prefix) && $0.hasSuffix(".lock") : $0 == all }
            return locks
        } catch {
            locks.release()
            throw error
        }
    }
}
