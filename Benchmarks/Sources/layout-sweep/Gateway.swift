import DatacubeStorage
import Glibc
import Logging

/// The S3 server that `scripts/rgw-up DIR` starts and `. DIR/env` names, with a bucket for each layout.
struct Gateway {
    private let client: S3Client
    /// As many requests in flight as `patch-bench` has.
    let executor = BlockingExecutor(width: 32)

    /// Nil where the variables name no server.
    init?() throws {
        guard let endpoint = Gateway.variable("ENDPOINT"), let access = Gateway.variable("ACCESS_KEY"),
            let secret = Gateway.variable("SECRET_KEY")
        else { return nil }
        let credentials = S3Credentials(accessKey: access, secretKey: secret)
        client = S3Client(
            try S3Profile(name: "sweep", endpoint: endpoint, credentials: credentials),
            http: try HTTPClient(limits: ConnectionLimits(total: executor.width)),
            log: Logger(label: "sweep") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private static func variable(_ name: String) -> String? {
        getenv("DSLAB_TEST_S3_\(name)").map { String(cString: $0) }
    }

    /// Copies a tile-year into a bucket and opens it there.
    func copy(_ source: LocalStore, _ path: String, to bucket: String) async throws -> PatchLoads {
        try client.bucket(bucket).create()
        let target = S3Store(bucket: client.bucket(bucket))
        let entries = try source.list(path + "/")
        try await executor.forEach(entries.count) { number in
            guard let bytes = try source.get(entries[number].key) else { return }
            try target.put(entries[number].key, bytes, durability: .synchronized)
        }
        return try PatchLoads(target, path, on: executor)
    }

    /// Removes a bucket with what it holds, which the server keeps in memory.
    func remove(_ bucket: String) async throws {
        let store = S3Store(bucket: client.bucket(bucket))
        let entries = try store.list("")
        try await executor.forEach(entries.count) { try store.delete(entries[$0].key) }
        try client.bucket(bucket).remove()
    }
}
