import DatacubeStorage
import FoundationEssentials
import Logging

/// The S3 server of the environment: `scripts/rgw-up DIR` starts one, `. DIR/env` names it.
enum S3Server {
    private static let environment = ProcessInfo.processInfo.environment

    /// Whether there is one; tests that need it are skipped where there is not.
    static var isThere: Bool { environment["DSLAB_TEST_S3_ENDPOINT"] != nil }

    static let why = "needs an S3 server; run scripts/rgw-up DIR and . DIR/env"

    static var endpoint: String { environment["DSLAB_TEST_S3_ENDPOINT"] ?? "" }

    static var secretKey: String { environment["DSLAB_TEST_S3_SECRET_KEY"] ?? "" }

    static var credentials: S3Credentials {
        S3Credentials(accessKey: environment["DSLAB_TEST_S3_ACCESS_KEY"] ?? "", secretKey: secretKey)
    }

    static func client(_ credentials: S3Credentials? = credentials, connections: Int = 8, signsPayloads: Bool = true)
        throws -> S3Client
    {
        let http = try HTTPClient(limits: ConnectionLimits(total: connections))
        let profile = try S3Profile(name: "test", endpoint: endpoint, credentials: credentials)
        return S3Client(
            profile,
            http: http,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            retryPolicy: .fast
        )
    }

    /// The requests for a path that the server itself has logged, if its log can be read.
    static func loggedRequests(containing text: String) throws -> Int? {
        guard let path = environment["DSLAB_TEST_S3_LOG"] else { return nil }
        let log = String(decoding: try FileSystem.contents(of: path, limit: 1 << 30), as: UTF8.self)
        return log.split(separator: "\n").filter { $0.contains("beast:") && $0.contains(text) }.count
    }
}

/// Runs `body` with a new bucket, which is emptied and removed afterwards.
func withBucket<Result>(_ body: (S3Bucket) async throws -> Result) async throws -> Result {
    let bucket = try S3Server.client().bucket("dslab_test_\(UInt64.random(in: 0...(.max)))")
    try bucket.create()
    defer {
        // A bucket that stays behind hurts nobody on a server made for tests.
        _ = try? bucket.abortUnfinishedUploads("")
        try? bucket.list("").forEach { try bucket.delete($0.key) }
        try? bucket.remove()
    }
    return try await body(bucket)
}

/// Runs `body` with a new directory that is removed afterwards.
func withScratchDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appending(path: "dslab-\(UUID().uuidString)").path()
    try FileSystem.createDirectories(path)
    defer { try? FileSystem.remove(path) }
    return try await body(path)
}
