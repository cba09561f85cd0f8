import DatacubeStorage
import Glibc
import Logging
import TestSupport

/// A Zarr folder and a bucket that a mirror keeps alike.
struct MirrorSides {
    static let paths = [
        "35VLH/zarr.json", "35VLH/2024/10m/zarr.json", "35VLH/2024/10m/data/zarr.json", "35VLH/2024/10m/data/c/0/0",
        "35VLH/2024/10m/data/c/0/1", "35VLH/2024/10m/empty", "35VLG/2023/10m/zarr.json", "35VLG/2023/10m/data/c/0/0",
    ]

    let folder: String
    let server: SmallS3Server
    let store: S3Store

    static func with(prefix: String = "", _ body: (MirrorSides) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let server = try SmallS3Server()
            let store = S3Store(bucket: try testClient(server.url).bucket("bucket"), prefix: prefix)
            try await body(MirrorSides(folder: directory + "/zarr", server: server, store: store))
        }
    }

    func settings(_ direction: MirrorJob.Direction) -> MirrorJob.Settings {
        let tree = MirrorJob.Tree(format: .zarr, folder: folder, store: store)
        return MirrorJob.Settings(trees: [tree], direction: direction)
    }

    @discardableResult
    func mirror(_ settings: MirrorJob.Settings, _ log: Logger = .silent) async throws -> JobOutcome {
        try await MirrorJob(settings, log: log).run()
    }

    /// Writes the files, each with other bytes.
    func fill(_ paths: [String] = Self.paths) throws {
        for path in paths {
            let bytes = path.hasSuffix("empty") ? [] : Array("content of \(path)".utf8)
            try write(path, bytes)
        }
    }

    func write(_ path: String, _ bytes: [UInt8]) throws {
        try FileSystem.createDirectories(FileSystem.parent(of: "\(folder)/\(path)"))
        try AtomicFile.write(bytes, to: "\(folder)/\(path)")
    }

    /// Keys in the order in which they were stored since some request.
    func stored(since first: Int = 0) -> [String] {
        server.requests[first...].filter { $0.method == "PUT" }.map { String($0.path.dropFirst("/bucket/".count)) }
    }

    func fetched(since first: Int = 0) -> [String] {
        server.requests[first...].filter { $0.method == "GET" && !$0.target.contains("?") }
            .map { String($0.path.dropFirst("/bucket/".count)) }
    }
}
