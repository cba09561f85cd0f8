import DatacubeStorage
import Glibc

/// Runs `body` with a new directory that is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { try? FileSystem.remove(directory) }
    return try body(directory)
}

/// Runs asynchronous `body` with a new directory that is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let directory = try makeTemporaryDirectory()
    defer { try? FileSystem.remove(directory) }
    return try await body(directory)
}

private func makeTemporaryDirectory() throws -> String {
    let path = "/tmp/dslab-test-\(getpid())-\(UInt64.random(in: 0...(.max)))"
    try FileSystem.createDirectories(path)
    return path
}
