import DatacubeStorage
import Foundation
import TestSupport
import Testing

/// The built tools against a real server: folders to buckets, buckets to folders, buckets to the node's disk.
@Suite(.serialized, .enabled(if: Tool.folder != nil && S3Server.isThere, Comment(rawValue: S3Server.why)))
struct MirrorTests {
    @Test func upAndDownAgainIsByteEqual() async throws {
        try await withMirror { mirror in
            let up = try mirror.run("s3-mirror")
            #expect(up.status == 0, "\(up.errors)")
            let down = try mirror.run("s3-mirror", ["--direction", "down"], network: "/back")
            #expect(down.status == 0, "\(down.errors)")
            for output in Archive.Output.allCases {
                let expected = try #require(try Archive.shared().trees[output])
                #expect(try FileTree(mirror.path("/back", output)).differences(from: expected) == [])
            }
            let safe = try FileTree(Archive.shared().safe)
            #expect(try FileTree("\(mirror.root)/back/safe").differences(from: safe) == [])
        }
    }

    @Test func aSecondRunTransfersNothing() async throws {
        try await withMirror { mirror in
            #expect(try mirror.run("s3-mirror").status == 0)
            let again = try mirror.run("s3-mirror")
            #expect(again.status == 0)
            #expect(again.lines.contains { $0.contains(" 0 files, 0 B to upload; ") })
            #expect(again.lines.last?.hasSuffix("nothing to do: every selected file is there") == true)
            for _ in 1...2 {
                let down = try mirror.run("s3-mirror", ["--direction", "down"])
                #expect(down.status == 0)
                #expect(down.lines.last?.hasSuffix("nothing to do: every selected object is there") == true)
            }
        }
    }

    @Test(arguments: ["size", "checksum"]) func stagingFromS3IsByteEqual(_ verification: String) async throws {
        try await withMirror { mirror in
            #expect(try mirror.run("s3-mirror").status == 0)
            let arguments = ["--from", "s3", "--verify", verification]
            let staged = try mirror.run("nvme-stage", arguments)
            #expect(staged.status == 0, "\(staged.errors)")
            for output in Archive.Output.allCases {
                let expected = try #require(try Archive.shared().trees[output])
                #expect(try FileTree(mirror.path("/temp", output)).differences(from: expected) == [])
            }
            #expect(try mirror.run("nvme-stage", arguments).lines.last?.hasSuffix("everything is staged") == true)
        }
    }

    /// Larger than what goes up in one piece, and than what comes down in one.
    @Test func largeFilesGoInPartsAndKillsLeaveNone() async throws {
        try await withMirror { mirror in
            let source = mirror.root + "/large"
            let key = "35VLH/2024/10m/data/c/0"
            try FileSystem.createDirectories("\(source)/zarr/35VLH/2024/10m/data/c")
            try makeNoise("\(source)/zarr/\(key)", size: 200 << 20)
            let bucket = try S3Server.client().bucket(mirror.bucket(.zarr))
            let tool = try mirror.start("s3-mirror", ["--formats", "zarr"], network: "/large")
            try waitForUpload(bucket, while: tool)
            tool.send(SIGKILL)
            #expect(try tool.wait().status == 128 + SIGKILL)
            #expect(try bucket.unfinishedUploads("").count == 1 && bucket.list("").isEmpty)
            let rerun = try mirror.run("s3-mirror", ["--formats", "zarr"], network: "/large")
            #expect(rerun.status == 0 && rerun.errors.contains("aborted 1 uploads"), "\(rerun.errors)")
            #expect(try bucket.unfinishedUploads("").isEmpty)
            #expect(try bucket.list("").map(\.key) == [key])
            let arguments = ["--formats", "zarr", "--direction", "down"]
            #expect(try mirror.run("s3-mirror", arguments, network: "/back").status == 0)
            #expect(try FileTree("\(mirror.root)/back").differences(from: FileTree(source)) == [])
            // The file has no time of the object's, so its parts are hashed.
            let again = try mirror.run("s3-mirror", arguments, network: "/large")
            #expect(again.lines.last?.hasSuffix("nothing to do: every selected object is there") == true)
        }
    }

    @Test func anInterruptedMirrorStopsAtOnceAndGoesOn() async throws {
        try await withMirror { mirror in
            let tool = try mirror.start("s3-mirror")
            let bucket = try S3Server.client().bucket(mirror.bucket(.safe))
            while tool.isRunning, try !bucket.exists() || bucket.list("").isEmpty { usleep(2000) }
            tool.send(SIGTERM)
            let start = Date.now
            let result = try tool.wait()
            #expect(result.status == 143, "\(result.errors)")
            #expect(Date.now.timeIntervalSince(start) < 5)
            #expect(try mirror.run("s3-mirror").status == 0)
            #expect(try mirror.run("s3-mirror", ["--direction", "down"], network: "/back").status == 0)
            let safe = try FileTree(Archive.shared().safe)
            #expect(try FileTree("\(mirror.root)/back/safe").differences(from: safe) == [])
        }
    }

    @Test func aWrongSecretIsOneLine() async throws {
        try await withMirror { mirror in
            let result = try mirror.run("s3-mirror", secret: "not-the-secret")
            #expect(result.status == 1 && result.lines.count == 1, "\(result.errors)")
            #expect(result.errors.contains("does not match its access key") && !result.errors.contains("not-the-"))
        }
    }

    /// Neither in logs, resolved settings, errors and command lines, nor in whatever the tools leave on disk.
    @Test(arguments: ["text", "json"]) func credentialsAreShownNowhere(_ logFormat: String) async throws {
        try await withMirror { mirror in
            let credentials = [S3Server.credentials.accessKey, S3Server.secretKey]
            let results = ["--output", "\(mirror.root)/results.json", "--outcome_file", "\(mirror.root)/outcome"]
            let log = ["--verbose", "--log-format", logFormat]
            let runs: [(tool: String, arguments: [String], status: Int32)] = [
                ("s3-mirror", ["--formats", "cog", "zarr"], 0),
                ("nvme-stage", ["--from", "s3", "--formats", "cog", "zarr"], 0),
                ("patch-bench", ["run", "--storages", "s3", "--formats", "cog", "--num_repeats", "1"] + results, 0),
                ("patch-bench", ["verify", "--storages", "s3", "--formats", "safe", "cog"], 1),
            ]
            for run in runs {
                let tool = try mirror.start(run.tool, run.arguments + log)
                let commandLine = tool.commandLine
                let result = try tool.wait()
                #expect(result.status == run.status, "\(run.tool): \(result.errors)")
                #expect(commandLine.contains(run.tool))
                for text in [commandLine, result.output, result.errors] {
                    #expect(!credentials.contains { text.contains($0) }, "\(run.tool) \(run.arguments)")
                }
            }
            let files = try FileTree(mirror.root).files
            #expect(files.contains("/results.json") && files.contains("/outcome"))
            for path in files where !path.hasPrefix("/temp/") {
                let text = String(decoding: try FileSystem.contents(of: mirror.root + path), as: UTF8.self)
                #expect(!credentials.contains { text.contains($0) }, "\(path)")
            }
        }
    }

    @Test func everybodyMayReadIfAskedFor() async throws {
        try await withMirror { mirror in
            #expect(try mirror.run("s3-mirror", ["--formats", "cog", "--public_read"]).status == 0)
            let anonymous = try S3Server.client(nil).bucket(mirror.bucket(.cog))
            let objects = try anonymous.list("")
            #expect(try objects.count == Archive.shared().trees[.cog]?.files.count)
            #expect(try anonymous.get(objects[0].key)?.count == objects[0].size)
        }
    }

    private func makeNoise(_ path: String, size: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<1 << 17).map { _ in generator.next() as UInt64 }
        let file = try LocalFile(creating: path)
        try words.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: size, by: bytes.count) { try file.write(bytes, at: offset) }
        }
    }

    private func waitForUpload(_ bucket: S3Bucket, while tool: Tool) throws {
        while tool.isRunning {
            if try bucket.exists(), try !bucket.unfinishedUploads("").isEmpty { return }
            usleep(2000)
        }
    }
}

/// Buckets and folders of one test.
private struct Mirror {
    let root: String
    let name: String

    func bucket(_ format: DataFormat) -> String { "\(name)_\(format.name)" }

    func path(_ folder: String, _ output: Archive.Output) -> String { "\(root)\(folder)/\(output.rawValue)" }

    /// Starts a tool; the archive is the network drive unless another folder below the test's is named.
    func start(
        _ tool: String,
        _ arguments: [String] = [],
        network: String? = nil,
        secret: String = S3Server.secretKey
    ) throws -> Tool {
        let network = try network.map { root + $0 } ?? Archive.shared().root
        var variables = [
            "DSLAB_S2L1C_S3_PROFILE": "default", "AWS_ENDPOINT_URL": S3Server.endpoint, "HOME": root,
            "AWS_ACCESS_KEY_ID": S3Server.credentials.accessKey, "AWS_SECRET_ACCESS_KEY": secret,
        ]
        for (format, part) in [(DataFormat.safe, "SAFE"), (.cog, "COGS"), (.zarr, "ZARR")] {
            variables["DSLAB_S2L1C_NETWORK_\(part)_PATH"] = "\(network)/\(format.name)"
            variables["DSLAB_S2L1C_TEMP_\(part)_PATH"] = "\(root)/temp/\(format.name)"
            variables["DSLAB_S2L1C_S3_\(part)_BUCKET"] = bucket(format)
        }
        return try Tool(tool, arguments, variables)
    }

    func run(
        _ tool: String,
        _ arguments: [String] = [],
        network: String? = nil,
        secret: String = S3Server.secretKey
    ) throws -> ToolResult {
        try start(tool, arguments, network: network, secret: secret).wait()
    }
}

/// Runs `body` with names of buckets that do not exist yet; what it makes is removed afterwards.
private func withMirror(_ body: (Mirror) async throws -> Void) async throws {
    try await withScratchDirectory { root in
        let mirror = Mirror(root: root, name: "dslab_test_\(UInt32.random(in: 0...(.max)))")
        defer {
            let client = try? S3Server.client()
            for bucket in DataFormat.standard.compactMap({ client?.bucket(mirror.bucket($0)) }) {
                _ = try? bucket.abortUnfinishedUploads("")
                try? bucket.list("").forEach { try bucket.delete($0.key) }
                try? bucket.remove()
            }
        }
        try await body(mirror)
    }
}
