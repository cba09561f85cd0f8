/// Who holds a lock: a process, beyond doubt which, and the Slurm job that it belongs to.
struct LockOwner: Sendable, Equatable {
    let process: ProcessIdentity
    let job: SlurmJob?
    /// Whether it gave the lock back and left unfinished work for the next one.
    var hasEnded = false

    static func current(environment: [String: String]) -> LockOwner {
        LockOwner(process: .current(), job: SlurmJob(environment: environment))
    }

    /// How an owner's time may be over although nobody gave the lock back.
    enum Standing {
        /// It cannot write any more.
        case gone
        /// Slurm has started its job again; what is left of the first start may still run.
        case replaced
        /// Only whether it gives signs of life can tell.
        case unknown
    }

    func standing(towards claimant: LockOwner) -> Standing {
        if hasEnded || process.isCertainlyGone { return .gone }
        if let job, let other = claimant.job, job.isEarlierStart(of: other) { return .replaced }
        return .unknown
    }

    /// The same, when an owner that is being killed has come to its end; that is waited for, some seconds at most.
    func settledStanding(towards claimant: LockOwner) -> Standing {
        if !hasEnded { process.waitWhileEnding() }
        return standing(towards: claimant)
    }

    /// For error texts: `process 4711 on host c2, Slurm job 99`.
    var description: String {
        "process \(process.process) on host \(process.host)" + (job.map { ", Slurm job \($0.number)" } ?? "")
    }
}

extension LockOwner {
    init?(json: JSONValue) {
        guard let host = json["host"]?.stringValue, let scope = json["scope"]?.stringValue,
            let number = json["process"]?.intValue, let started = json["started"]?.stringValue
        else { return nil }
        process = ProcessIdentity(host: host, scope: scope, process: number, started: started)
        job = json["job"].flatMap(SlurmJob.init(json:))
        hasEnded = json["ended"]?.boolValue ?? false
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "host": .string(process.host), "scope": .string(process.scope), "process": .int(process.process),
            "started": .string(process.started), "ended": .bool(hasEnded),
        ]
        if let job { members["job"] = job.json }
        return .object(members)
    }
}

/// One start of a Slurm job; array tasks have numbers of their own.
struct SlurmJob: Sendable, Equatable {
    let cluster: String
    let number: String
    /// How often Slurm had started the job again by then.
    let restarts: Int

    init?(environment: [String: String]) {
        guard let number = environment["SLURM_JOB_ID"] else { return nil }
        self.number = number
        cluster = environment["SLURM_CLUSTER_NAME"] ?? ""
        restarts = environment["SLURM_RESTART_COUNT"].flatMap { Int($0) } ?? 0
    }

    init?(json: JSONValue) {
        guard let number = json["number"]?.stringValue, let restarts = json["restarts"]?.intValue else { return nil }
        self.number = number
        cluster = json["cluster"]?.stringValue ?? ""
        self.restarts = restarts
    }

    var json: JSONValue {
        .object(["cluster": .string(cluster), "number": .string(number), "restarts": .int(restarts)])
    }

    /// Slurm keeps a job's number when it starts it again, and never has two starts of one job in its books.
    func isEarlierStart(of other: SlurmJob) -> Bool {
        cluster == other.cluster && number == other.number && restarts < other.restarts
    }
}
