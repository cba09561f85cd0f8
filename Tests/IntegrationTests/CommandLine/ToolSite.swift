import DatacubeStorage
import Foundation
import TestSupport
import Testing

/// A small archive in all formats with whatever a tool may ask for: a node's disk, buckets, a catalogue, results.
struct ToolSite {
    static let dates = 2
    static let secret = "a+secret/of/this/site"

    /// Made once; each test gets links to the files.
    private static let made = Result<String, any Error> {
        let root = "/tmp/dslab-site-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: "/tmp/dslab-site-\(getpid())") }
        let site = ToolSite(root: root, server: "", catalogue: "")
        let size = ["--dates", "\(dates)", "--extent", "192"]
        let bench = ["run", "--storages", "network", "--num_repeats", "1", "--patch_size", "60"]
        for (tool, arguments) in [
            ("s2-synth", size), ("safe2cog", []), ("safe2zarr", []),
            ("patch-bench", bench + ["--output", site.results]),
        ] {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            let result = try Tool.run(tool, arguments, site.variables)
            guard result.status == 0 else { throw PipelineError(.system, "\(tool): \(result.errors)") }
        }
        return root
    }

    let root: String
    let server: String
    let catalogue: String

    var results: String { root + "/results.json" }
    /// What does not exist yet.
    var new: String { root + "/new" }

    var variables: [String: String] {
        [
            "DSLAB_S2L1C_NETWORK_SAFE_PATH": root + "/safe", "DSLAB_S2L1C_NETWORK_COGS_PATH": root + "/cog",
            "DSLAB_S2L1C_NETWORK_ZARR_PATH": root + "/zarr", "DSLAB_S2L1C_TEMP_COGS_PATH": root + "/node/cog",
            "DSLAB_S2L1C_TEMP_ZARR_PATH": root + "/node/zarr", "DSLAB_S2L1C_S3_PROFILE": "lab",
            "DSLAB_S2L1C_S3_COGS_BUCKET": "cogs", "DSLAB_S2L1C_S3_ZARR_BUCKET": "cubes", "DSLAB_STAC_URL": catalogue,
            "DSLAB_LOG_FOLDER": root + "/log", "AWS_ENDPOINT_URL": server, "AWS_ACCESS_KEY_ID": "KEY",
            "AWS_SECRET_ACCESS_KEY": ToolSite.secret,
        ]
    }

    /// Runs a test with a site of its own, with a catalogue where the run asks one; `stored` tells the keys of what was
    /// sent to its buckets.
    static func with(
        for run: ToolRun? = nil,
        _ body: (_ site: ToolSite, _ stored: () -> [String]) throws -> Void
    ) throws {
        let made = try made.get()
        let root = "/tmp/dslab-site-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        guard try Tool.run("/bin/cp", ["-al", made, root]).status == 0 else { throw CocoaError(.fileWriteUnknown) }
        let server = try LoopbackServer { request, _ in [answer(request)] }
        let catalogue = run?.tool.hasPrefix("s2-intake") == true ? try startCatalogue(root) : nil
        // Foundation starts processes with most signals blocked, and Python leaves them so.
        defer { catalogue?.0.send(SIGKILL) }
        try body(ToolSite(root: root, server: server.url, catalogue: catalogue?.1 ?? server.url)) {
            server.requests.filter { !["GET", "HEAD"].contains($0.method) }.map(\.path)
        }
    }

    // Empty buckets that take everything.
    private static func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Action {
        switch request.method {
        case "PUT":
            let digest = (try? MessageDigest.hexadecimal(of: request.body, .md5)) ?? ""
            return .answer(200, ["ETag": "\"\(digest)\""])
        case "GET" where request.target.contains("uploads="): return .answer(200, text: "<ListMultipartUploadsResult/>")
        case "GET": return .answer(200, text: "<ListBucketResult/>")
        default: return .answer(200)
        }
    }

    private static func startCatalogue(_ root: String) throws -> (Tool, String) {
        let script = Tool.scripts + "/../../scripts/stac-server"
        let portFile = NSTemporaryDirectory() + "dslab-port-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: portFile) }
        let tool = try Tool(script, ["--safe", root + "/safe", "--bucket", "eodata", "--port-file", portFile])
        while !FileManager.default.fileExists(atPath: portFile), tool.isRunning { usleep(10_000) }
        let port = try String(contentsOfFile: portFile, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        return (tool, "http://127.0.0.1:\(port)/v1")
    }

    /// Everything below the root: folders by their paths, files with their bytes.
    func contents() throws -> Set<String> {
        let tree = try FileTree(root)
        let all = FileManager.default.enumerator(atPath: root)?.compactMap { "/\($0)" } ?? []
        return Set(all + tree.digests.map { "\($0.key) \($0.value)" })
    }
}

/// A run of a tool on a site, and what it comes to.
struct ToolRun: Sendable, CustomTestStringConvertible {
    let words: [String]
    let arguments: @Sendable (ToolSite) -> [String]
    /// What a whole run finishes and skips.
    let counts: @Sendable (ToolSite) throws -> (finished: Int, skipped: Int)

    var testDescription: String { words.joined(separator: " ") }
    var tool: String { words[0] }

    init(
        _ words: String...,
        counts: @escaping @Sendable (ToolSite) throws -> (finished: Int, skipped: Int),
        arguments: @escaping @Sendable (ToolSite) -> [String] = { _ in [] }
    ) {
        (self.words, self.counts, self.arguments) = (words, counts, arguments)
    }

    func start(_ site: ToolSite, _ options: String...) throws -> ToolResult {
        try Tool.run(tool, words.dropFirst() + arguments(site) + options, site.variables)
    }

    /// Files that are for readers.
    private static let files: @Sendable (ToolSite) throws -> (finished: Int, skipped: Int) = { site in
        (try ["/cog", "/zarr"].reduce(0) { $0 + (try FileTree(site.root + $1).files.count { !$0.contains("/.") }) }, 0)
    }

    private static let period = ["--requests_per_minute", "1000000"]

    /// Each tool, on what the site has or towards places that are not there yet.
    static let all = [
        ToolRun("s2-intake", counts: { _ in (0, ToolSite.dates) }) { _ in
            period + ["--time_start", "2024-01-01T00:00:00Z", "--time-end", "2025-01-01T00:00:00Z"]
        },
        ToolRun("s2-intake-year", counts: { _ in (0, ToolSite.dates) }) { _ in period },
        ToolRun("s2-synth", counts: { _ in (1, 0) }) { ["--output", $0.new, "--dates", "1", "--extent", "192"] },
        ToolRun("safe2cog", counts: { _ in (ToolSite.dates, 0) }) { ["--target", $0.new] },
        ToolRun("safe2zarr", counts: { _ in (ToolSite.dates, 0) }) { ["--target", $0.new] },
        ToolRun("s3-mirror", "--formats", "cog", "zarr", counts: files),
        ToolRun("nvme-stage", "--formats", "cog", "zarr", counts: files),
        ToolRun("patch-bench", "run", "--storages", "network", "--num_repeats", "1", counts: { _ in (3, 0) }) {
            ["--patch_size", "60", "--output", $0.new]
        },
        ToolRun("patch-bench", "verify", "--storages", "network", counts: { _ in (2, 0) }),
        ToolRun("patch-bench", "report", counts: { _ in (1, 0) }) { [$0.results, "--output", $0.new] },
        ToolRun("s2-status", counts: { _ in (1, 0) }) { _ in ["--no_s3"] },
    ]
}
