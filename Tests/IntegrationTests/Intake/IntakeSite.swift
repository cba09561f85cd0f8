import DatacubeStorage
import Foundation
import TestSupport

/// The Copernicus Data Space on this machine: a bucket with products, a catalogue of them, and keys.
final class IntakeSite {
    static let tiles = ["35VLH", "35VMH", "35VLJ", "35VMJ"]
    static let dates = 2

    /// Products made once, below a folder for each tile.
    private static let archive = Result<String, any Error> {
        let root = "/tmp/dslab-intake-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: "/tmp/dslab-intake-\(getpid())") }
        let selection = tiles.flatMap { ["--tile_id", $0] }
        let made = try Tool.run("s2-synth", ["--output", root, "--dates", "\(dates)", "--extent", "384"] + selection)
        guard made.status == 0 else { throw PipelineError(.system, made.errors) }
        return root
    }

    let archive: String
    let root: String
    let proxy: FaultProxy
    private let catalogue: Tool
    private let variables: [String: String]

    private init(
        _ bucket: S3Bucket,
        _ root: String,
        _ fault: @escaping @Sendable (FaultProxy.Visit) -> FaultProxy.Fault?
    )
        throws
    {
        archive = try IntakeSite.archive.get()
        self.root = root
        for path in try FileTree(archive).files where !path.contains("/.") {
            try bucket.put(String(path.dropFirst()), FileSystem.contents(of: archive + path))
        }
        proxy = try FaultProxy(before: S3Server.endpoint, fault)
        let script = URL(filePath: #filePath).appending(path: "../../../../scripts/stac-server").standardizedFileURL
            .path()
        let portFile = root + "/port"
        catalogue = try Tool(script, ["--safe", archive, "--bucket", bucket.name, "--port-file", portFile])
        while !FileManager.default.fileExists(atPath: portFile), catalogue.isRunning { usleep(10_000) }
        let port = try String(contentsOfFile: portFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        variables = [
            "DSLAB_STAC_URL": "http://127.0.0.1:\(port)/v1", "DSLAB_S2L1C_NETWORK_SAFE_PATH": root + "/safe",
            "AWS_CONFIG_FILE": root + "/config", "AWS_SHARED_CREDENTIALS_FILE": root + "/credentials",
        ]
        try write(ProcessInfo.processInfo.environment["DSLAB_TEST_S3_SECRET_KEY"] ?? "")
    }

    /// Foundation starts processes with most signals blocked, and Python leaves them so.
    deinit { catalogue.send(SIGKILL) }

    /// Runs a test with a site of its own.
    static func with(
        _ fault: @escaping @Sendable (FaultProxy.Visit) -> FaultProxy.Fault? = { _ in nil },
        _ body: (IntakeSite) async throws -> Void
    ) async throws {
        try await withBucket { bucket in
            try await withScratchDirectory { root in try await body(IntakeSite(bucket, root, fault)) }
        }
    }

    /// Writes the files of keys and endpoint.
    func write(_ secret: String) throws {
        let access = ProcessInfo.processInfo.environment["DSLAB_TEST_S3_ACCESS_KEY"] ?? ""
        let keys = "[cdse]\naws_access_key_id = \(access)\naws_secret_access_key = \(secret)\n"
        try keys.write(toFile: root + "/credentials", atomically: true, encoding: .utf8)
        try "[profile cdse]\nendpoint_url = \(proxy.url)\n".write(
            toFile: root + "/config",
            atomically: true,
            encoding: .utf8
        )
    }

    func start(_ tile: String = tiles[0], _ arguments: [String] = []) throws -> Tool {
        // The pace of an account at the Data Space would make the tests slow.
        let options = ["--tile_id", tile, "--requests_per_minute", "1000000"]
        return try Tool("s2-intake-year", options + arguments, variables)
    }

    func run(_ tile: String = tiles[0], _ arguments: [String] = []) throws -> ToolResult {
        try start(tile, arguments).wait()
    }

    /// Files of a tile that are not as in the archive; unfinished ones count.
    func differences(_ tile: String = tiles[0]) throws -> [String] {
        func files(_ root: String) throws -> [String: String] {
            guard FileManager.default.fileExists(atPath: root) else { return [:] }
            return try FileTree(root).digests.filter {
                $0.key.contains("_T\(tile)_") && !$0.key.hasSuffix(".tileparts.json")
            }
        }
        let (found, expected) = (try files(root + "/safe"), try files(archive))
        return Set(found.keys).union(expected.keys).filter { found[$0] != expected[$0] }.sorted()
    }

    /// Waits until some band is there in part, or the tool has ended.
    func waitForPartOfABand(while tool: Tool) throws {
        let whole = try FileTree(archive).statuses.map { (FileSystem.name(of: $0.key), $0.value.size) }
        let sizes = Dictionary(whole) { first, _ in first }
        while tool.isRunning {
            let bands = FileManager.default.enumerator(atPath: root + "/safe")?.compactMap { $0 as? String } ?? []
            for band in bands where band.hasSuffix(".jp2") {
                let size = try? FileSystem.status("\(root)/safe/\(band)")?.size
                if let size, size > 0, size < sizes[FileSystem.name(of: band), default: 0] { return }
            }
            usleep(2000)
        }
    }

    /// Products under their final names.
    func visibleProducts() throws -> Int {
        let target = root + "/safe"
        guard FileManager.default.fileExists(atPath: target) else { return 0 }
        return try ProductFolder(root: target).products.values.reduce(0) { $0 + $1.count }
    }
}
