import Glibc

/// Who holds a lock now, and the last sign of life.
struct LockHolder: Equatable {
    /// The file that tells.
    static let recordName = "owner"

    let owner: LockOwner
    let token: String
    let beat: Int

    /// The holder, or nil when the lock is free or changes hands at this moment.
    ///
    /// - Throws: `locked` for something else of that name.
    static func read(_ path: String) throws -> LockHolder? {
        do {
            guard let token = try FileSystem.list(path).first else { return nil }
            let file = try LocalFile(reading: "\(path)/\(token)/\(recordName)")
            let status = try file.status()
            // Records have some hundred bytes.
            let bytes = try file.read(count: min(status.size, 64 << 10), at: 0)
            guard let owner = LockOwner(json: try JSONValue(parsing: bytes, named: recordName)) else {
                throw foreign(path)
            }
            return LockHolder(owner: owner, token: token, beat: status.modified)
        } catch let error as PipelineError {
            if error.code == .notFound { return nil }
            throw error.code == .corrupt || error.code == .system ? foreign(path) : error
        }
    }

    static func write(_ owner: LockOwner, in folder: String) throws {
        try AtomicFile.write(Array(owner.json.serialized().utf8), to: FileSystem.join(folder, recordName))
    }

    /// Whether a name in an owner's folder is work that the next owner may go on with: a temporary name is known to
    /// nobody but the run that drew it.
    static func isWork(_ name: String) -> Bool { name != recordName && !AtomicFile.isTemporary(name) }

    static func foreign(_ path: String) -> PipelineError {
        PipelineError(.locked, "\(path) is not a lock of these tools; remove it if nothing else works there")
    }

    /// Whether the last sign of life is older than so many seconds, as far as clocks agree.
    func isSilent(for seconds: Double) -> Bool { SystemClock.sinceEpoch() - Double(beat) / 1e9 > seconds }

    func refusal(_ path: String) -> PipelineError {
        let folder = FileSystem.parent(of: path)
        let seconds = max(0, SystemClock.sinceEpoch() - Double(beat) / 1e9)
        return PipelineError(
            .locked,
            "another run works on \(folder): \(owner.description), last sign of life \(formatSeconds(seconds)) ago; "
                + "run again when it is done"
        )
    }
}

/// A prepared folder that shall become a lock.
struct LockClaim {
    let path: String
    let owner: LockOwner
    let keepsWork: Bool
    private let token: String
    private let prepared: String

    // Until a file server has told all its clients that a folder moved, some may still write into it.
    private static let removalAttempts = 50
    // A lock that is neither free nor readable is changing hands; it cannot do so for ever.
    private static let glimpses = 1000

    init(path: String, owner: LockOwner, keepsWork: Bool) throws {
        self.path = path
        self.owner = owner
        self.keepsWork = keepsWork
        token = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        // The name tells whose it is, from the first moment on.
        prepared = "\(path).\(owner.process.mark).\(token)"
        let folder = FileSystem.join(prepared, token)
        try FileSystem.createDirectories(folder)
        do {
            try LockHolder.write(owner, in: folder)
        } catch {
            withdraw()
            throw error
        }
    }

    /// The folder of the owner, once the lock is taken.
    var workFolder: String { FileSystem.join(path, token) }

    /// Removes what was prepared, if it did not become the lock.
    func withdraw() { try? FileSystem.remove(prepared) }

    /// Takes the lock; displaces an owner whose time is over beyond doubt.
    ///
    /// - Returns: nil when it is taken, else who holds it.
    func attempt() throws -> LockHolder? {
        for _ in 0..<Self.glimpses {
            if try becomesLock() { return nil }
            guard let holder = try LockHolder.read(path) else { continue }
            switch holder.owner.settledStanding(towards: owner) {
            case .gone: try displace(holder, isGone: true)
            case .replaced: try displace(holder, isGone: false)
            case .unknown: return holder
            }
        }
        throw LockHolder.foreign(path)
    }

    private func becomesLock() throws -> Bool {
        if unsafe Glibc.rename(prepared, path) == 0 { return true }
        let code = errno
        // A file server may have lost its answer and been asked again.
        if try FileSystem.exists(workFolder) { return true }
        switch code {
        case ENOTEMPTY, EEXIST: return false
        case ENOTDIR:
            throw PipelineError(.locked, "\(path) is a lock of an older version; remove it if nothing works there")
        default: throw SystemCall.failure("create", path, errno: code)
        }
    }

    /// Ends an owner's time: from now on it gives nothing a name.
    ///
    /// Its unfinished files are kept only when it cannot hold them open any more.
    func displace(_ holder: LockHolder, isGone: Bool) throws {
        // A name of its own, since what an earlier one held may be open still and stay.
        let aside = AtomicFile.temporaryName(for: "inherited", in: "\(prepared)/\(token)")
        if unsafe Glibc.rename("\(path)/\(holder.token)", aside) != 0 {
            let code = errno
            // A file server may have lost its answer and been asked again.
            guard try FileSystem.exists(aside) else {
                // Somebody else was faster, or the owner gave the lock back.
                if code == ENOENT { return }
                throw SystemCall.failure("rename", "\(path)/\(holder.token)", errno: code)
            }
        }
        if isGone, keepsWork {
            try mergeInheritance(aside, into: "\(prepared)/\(token)")
        } else {
            Self.removeInsistently(aside)
        }
    }

    private func mergeInheritance(_ folder: String, into target: String) throws {
        let names = try FileSystem.list(folder).filter(LockHolder.isWork)
        for name in names where try !FileSystem.exists(FileSystem.join(target, name)) {
            try FileSystem.rename(FileSystem.join(folder, name), to: FileSystem.join(target, name))
        }
        try FileSystem.remove(folder)
    }

    // What still cannot be removed then is open on this node, where the old path is gone for everybody.
    private static func removeInsistently(_ folder: String) {
        for _ in 0..<removalAttempts {
            if (try? FileSystem.remove(folder)) != nil { return }
            usleep(20_000)
        }
    }
}
