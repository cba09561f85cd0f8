import Glibc

/// Keeps two runs from working on one target, by a file that works on Lustre and NFS, where `flock` may not.
///
/// The lock is taken by linking a complete file to its name, which either happens or not. It is given back when
/// the value goes out of scope. A lock whose owner was killed on this host is taken over.
public struct TargetLock: ~Copyable {
    private let path: String
    private let record: [UInt8]

    /// Takes the lock.
    ///
    /// - Parameter path: The lock file; its directory must exist.
    /// - Throws: ``PipelineError`` of code `locked` naming the owner.
    public init(path: String) throws {
        self.path = path
        let me = ProcessIdentity.current()
        let token = String(UInt64.random(in: 0...UInt64.max), radix: 16)
        record = Array([me.host, me.scope, String(me.process), me.started, token].joined(separator: "\n").utf8)
        while true {
            if try TargetLock.link(record, to: path) { return }
            guard let found = try TargetLock.contents(path) else { continue }
            try TargetLock.removeIfOrphaned(found, path)
        }
    }

    deinit {
        if let found = try? TargetLock.contents(path), found == record { try? FileSystem.remove(path) }
    }

    private static func link(_ record: [UInt8], to path: String) throws -> Bool {
        let temporary = AtomicFile.temporaryName(for: path)
        defer { try? FileSystem.remove(temporary) }
        try AtomicFile.write(record, to: temporary, durability: .deferred)
        if unsafe Glibc.link(temporary, path) == 0 { return true }
        guard errno == EEXIST else { throw SystemCall.failure("create", path) }
        return false
    }

    private static func contents(_ path: String) throws -> [UInt8]? {
        do {
            return try FileSystem.contents(of: path, limit: 4096)
        } catch where error.code == .notFound {
            return nil
        }
    }

    // Moves the orphan aside before removing it, so that a lock which somebody else has just taken over in the
    // meantime is recognised by its content and put back.
    private static func removeIfOrphaned(_ found: [UInt8], _ path: String) throws {
        let fields = String(decoding: found, as: UTF8.self).split(separator: "\n").map(String.init)
        guard fields.count == 5, let process = Int(fields[2]) else {
            throw PipelineError(.locked, "\(path) is not a lock of these tools; remove it if nothing else works there")
        }
        let owner = ProcessIdentity(host: fields[0], scope: fields[1], process: process, started: fields[3])
        guard owner.isCertainlyGone else {
            let folder = FileSystem.parent(of: path)
            let remedy = "wait for it, or remove \(path) if that process is gone"
            throw PipelineError(
                .locked, "another run works on \(folder): process \(owner.process) on host \(owner.host); \(remedy)")
        }
        let aside = AtomicFile.temporaryName(for: path)
        guard unsafe Glibc.rename(path, aside) == 0 else {
            if errno == ENOENT { return }
            throw SystemCall.failure("rename", path)
        }
        if try contents(aside) != found { _ = unsafe Glibc.link(aside, path) }
        try FileSystem.remove(aside)
    }
}
