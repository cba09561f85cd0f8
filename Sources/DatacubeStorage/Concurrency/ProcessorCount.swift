import CSystem
import Glibc

/// How many processors this process may use.
public enum ProcessorCount {
    /// What Slurm granted (`SLURM_CPUS_PER_TASK`), else the affinity mask; never the node's whole count.
    public static let granted = granted(
        bySlurm: unsafe getenv("SLURM_CPUS_PER_TASK").map { unsafe String(cString: $0) },
        affinity: Int(system_affinity_count())
    )

    static func granted(bySlurm text: String?, affinity: Int) -> Int {
        let affinity = Swift.max(1, affinity)
        guard let count = text.flatMap({ Int($0) }), count > 0 else { return affinity }
        return Swift.min(count, affinity)
    }
}
