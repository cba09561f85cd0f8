import CSystem

/// How many processors this process may use.
public enum ProcessorCount {
    /// What Slurm granted (`SLURM_CPUS_PER_TASK`), else the affinity mask; never the node's whole count.
    public static func granted(environment: [String: String]) -> Int {
        if let text = environment["SLURM_CPUS_PER_TASK"], let count = Int(text), count > 0 {
            return Swift.min(count, Swift.max(affinity, 1))
        }
        return affinity
    }

    private static var affinity: Int { Swift.max(1, Int(system_affinity_count())) }
}
