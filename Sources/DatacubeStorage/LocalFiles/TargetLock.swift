public import FoundationEssentials
import Glibc
import Synchronization

/// Keeps two runs from working on one target, on file systems without `flock` too: Lustre, NFS.
///
///     .conversion.lock/                 the lock; free while it is absent or empty
///     .conversion.lock/<token>/owner    who holds it; touched now and then as a sign of life
///     .conversion.lock/<token>/…        the owner's unfinished files
///
/// Three renames are all there is to it, and the file system makes each of them happen once or not at all:
///
/// - *take*: a prepared folder gets the lock's name, which fails while the lock holds a token;
/// - *displace*: the folder of an owner whose time is over is moved away, which succeeds for that owner only, and once;
/// - *publish*: a file leaves the owner's folder for its final name, which fails from the moment of displacement.
///
/// So an owner that was displaced and still runs, since Slurm lost sight of its node or of its `slurmstepd`, gives
/// nothing a name any more, whatever moment it was stopped at.
public final class TargetLock: Sendable {
    /// How often an owner shows that it lives, and how long without a sign it is waited for, in seconds.
    public struct Timing: Sendable {
        /// Between two signs of life.
        public var beat: Double
        /// Without a sign for so long, by the clock of the one that waits, an owner counts as dead.
        public var lease: Double
        /// Between two looks at a lock that is held.
        public var poll: Double

        /// Far longer than file servers of clusters hang, since a displaced run has to be run again.
        public static let standard = Timing(beat: 15, lease: 180, poll: 1)

        /// Chooses other times.
        public init(beat: Double, lease: Double, poll: Double) {
            self.beat = beat
            self.lease = lease
            self.poll = poll
        }
    }

    /// The lock.
    public let path: String
    /// The owner's folder, for unfinished files; what is in it goes with the lock.
    public let workFolder: String
    private let keepsWork: Bool
    private let owner: LockOwner
    private let heartbeat: LockHeartbeat
    private let isReleased = Atomic(false)

    /// Takes the lock if it is free or its owner's time is over.
    ///
    /// - Parameters:
    ///   - path: The lock, a hidden name; its directory must exist.
    ///   - keepsWork: Whether unfinished files stay for the next owner when this one gives the lock back or dies.
    ///   - environment: What tells of the Slurm job.
    ///   - timing: For tests.
    /// - Throws: ``PipelineError`` of code `locked` naming the owner.
    public convenience init(
        path: String,
        keepsWork: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        timing: Timing = .standard
    ) throws {
        let claim = try LockClaim(path: path, owner: .current(environment: environment), keepsWork: keepsWork)
        defer { claim.withdraw() }
        if let holder = try claim.attempt() { throw holder.refusal(path) }
        try self.init(claim, timing: timing)
    }

    /// Takes the lock, and waits for owners that show no life, or for all of them until they are done.
    ///
    /// - Parameters:
    ///   - path: The lock, a hidden name; its directory must exist.
    ///   - keepsWork: As in ``init(path:keepsWork:environment:timing:)``.
    ///   - seconds: How many seconds to wait for an owner that lives.
    ///   - environment: What tells of the Slurm job.
    ///   - timing: For tests.
    ///   - onWait: Called once, with the owner, when there is something to wait for.
    /// - Returns: The lock.
    /// - Throws: `locked` naming the owner, or `CancellationError`.
    public static func take(
        path: String,
        keepsWork: Bool = false,
        waitsFor seconds: Double = 0,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        timing: Timing = .standard,
        onWait: (String) -> Void = { _ in }
    ) async throws -> TargetLock {
        let claim = try await threads.run {
            try LockClaim(path: path, owner: .current(environment: environment), keepsWork: keepsWork)
        }
        defer { claim.withdraw() }
        let start = SystemClock.seconds()
        var lastSign: (holder: LockHolder, seen: Double)?
        while let holder = try await threads.run({ try claim.attempt() }) {
            let now = SystemClock.seconds()
            if lastSign == nil { onWait(holder.owner.description) }
            if lastSign?.holder != holder { lastSign = (holder, now) }
            if let seen = lastSign?.seen, now - seen >= timing.lease {
                try await threads.run { try claim.displace(holder, isGone: false) }
                continue
            }
            // Only an owner that has been silent for long already is worth watching.
            let mayBeDead = holder.isSilent(for: timing.lease)
            guard mayBeDead || now - start < seconds else { throw holder.refusal(path) }
            try await Task.sleep(for: .seconds(timing.poll))
        }
        return try await threads.run { try TargetLock(claim, timing: timing) }
    }

    // Looks at locks while file servers answer; a job takes a few of them, one after the other.
    private static let threads = BlockingExecutor(width: 2)

    private init(_ claim: LockClaim, timing: Timing) throws {
        path = claim.path
        workFolder = claim.workFolder
        keepsWork = claim.keepsWork
        owner = claim.owner
        heartbeat = try LockHeartbeat(
            file: FileSystem.join(claim.workFolder, LockHolder.recordName),
            every: timing.beat
        )
        Self.sweep(beside: path)
    }

    deinit { release() }

    /// Gives the lock back; unfinished files go, or stay for the next owner.
    public func release() {
        guard !isReleased.exchange(true, ordering: .relaxed) else { return }
        heartbeat.end()
        if keepsWork, let names = try? FileSystem.list(workFolder), names.contains(where: LockHolder.isWork) {
            var ended = owner
            ended.hasEnded = true
            return (try? LockHolder.write(ended, in: workFolder)) ?? ()
        }
        try? Self.clear(workFolder, of: path)
    }

    /// Refuses to go on while a living run holds the lock.
    static func requireFree(_ path: String, timing: Timing = .standard) throws {
        guard let holder = try LockHolder.read(path), !holder.isSilent(for: timing.lease),
            holder.owner.settledStanding(towards: .current(environment: [:])) != .gone
        else { return }
        throw holder.refusal(path)
    }

    /// A name for an unfinished file in ``workFolder``.
    public func temporaryName(for path: String) -> String {
        AtomicFile.temporaryName(for: path, in: workFolder)
    }

    /// Whether a name in a directory belongs to a lock.
    static func isLock(_ name: some StringProtocol) -> Bool { name.hasPrefix(".") && name.contains(".lock") }
}

extension TargetLock {
    /// Creates a folder within ``workFolder``, never that folder itself: one that is gone must stay away.
    func createFolder(_ path: String) throws {
        try explainingLoss { try FileSystem.createDirectories(path, below: workFolder) }
    }

    /// Gives an unfinished file or folder of ``workFolder`` its final name.
    ///
    /// - Throws: `locked` when another run has displaced this one.
    public func publish(_ temporary: String, as path: String) throws {
        try explainingLoss { try FileSystem.rename(temporary, to: path) }
    }

    /// Makes a file appear whole, see ``AtomicFile/create(_:durability:temporary:_:)``.
    public func write(_ bytes: [UInt8], to path: String, durability: AtomicFile.Durability = .synchronized) throws {
        try explainingLoss {
            try AtomicFile.write(bytes, to: path, durability: durability, temporary: temporaryName(for: path))
        }
    }

    /// Removes a file or a folder; nothing there is fine.
    public func remove(_ path: String) throws {
        guard try FileSystem.exists(path) else { return try check() }
        let aside = temporaryName(for: path)
        try publish(path, as: aside)
        try FileSystem.remove(aside)
    }

    /// Refuses to go on when another run has displaced this one.
    ///
    /// What does not end with a rename out of ``workFolder``, such as a request to S3, can only ask beforehand.
    public func check() throws {
        guard try FileSystem.exists(workFolder) else { throw lost }
    }

    private func explainingLoss(_ step: () throws -> Void) throws {
        do {
            try step()
        } catch let error as PipelineError {
            try check()
            throw error
        }
    }

    private var lost: PipelineError {
        PipelineError(.locked, "another run has taken \(path) over; this one ends and writes nothing any more")
    }
}
