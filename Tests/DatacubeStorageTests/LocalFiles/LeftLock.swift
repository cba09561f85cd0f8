import Testing

@testable import DatacubeStorage

/// Puts a lock there as another process would have left it.
func leaveLock(
    _ path: String,
    host: String? = nil,
    process: Int,
    files: [String] = [],
    silentFor seconds: Double = 0
) throws {
    let me = ProcessIdentity.current()
    let identity = ProcessIdentity(host: host ?? me.host, scope: me.scope, process: process, started: "1")
    let folder = path + "/abc"
    try FileSystem.createDirectories(folder)
    for file in files { try AtomicFile.write([1], to: "\(folder)/\(file)") }
    try LockHolder.write(LockOwner(process: identity, job: nil), in: folder)
    try LocalFile(reading: folder + "/owner").setTimes(Int((SystemClock.sinceEpoch() - seconds) * 1e9))
}
