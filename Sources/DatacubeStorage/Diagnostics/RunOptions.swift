/// What every job is told besides its work.
public struct RunOptions: Sendable {
    /// Threads that compute.
    public var jobs: Int
    /// Only say what would be done.
    public var dryRun: Bool
    /// How progress is shown.
    public var progress: Progress.Style

    /// Creates options.
    public init(jobs: Int = 1, dryRun: Bool = false, progress: Progress.Style = .hidden) {
        self.jobs = jobs
        self.dryRun = dryRun
        self.progress = progress
    }
}
