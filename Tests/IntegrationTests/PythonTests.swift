import DatacubeStorage
import Foundation
import TestSupport
import Testing

/// What xarray, zarr-python and tensorstore find in stores, and the code of the pages, run as it stands.
@Suite(.serialized, .enabled(if: Tool.folder != nil && S3Server.isThere, Comment(rawValue: S3Server.why)))
struct PythonTests {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL.path()

    @Test(arguments: ["README.md", "docs/python.md"])
    func theCodeOfAPageRunsAndIsRight(_ page: String) async throws {
        try await PythonStores.with { stores in
            if page != "README.md" {
                #expect(try stores.run("s3-mirror", ["--formats", "zarr", "shardzarr"]).status == 0)
            }
            let result = try Tool.check(
                "run_page.py",
                "\(Self.project)/\(page)",
                "\(Tool.scripts)/check_reflectance.py",
                variables: stores.variables,
                in: stores.root
            )
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasSuffix(" blocks\n"))
        }
    }

    /// On the network drive, in buckets, on the node's disk, and with one resolution alone.
    @Test func everyStoreIsATreeOfItsCubes() async throws {
        try await PythonStores.with { stores in
            let all = ["10m", "20m", "60m"].map { "35VLH/2024/\($0)" }
            try stores.expect(all, at: stores.root + "/zarr")
            try stores.expect(all, at: stores.root + "/shardzarr")
            #expect(
                try stores.run("s3-mirror", ["--formats", "zarr", "--tile_id", "35VLH", "--year", "2024"]).status == 0
            )
            try stores.expect(all, at: "s3://" + stores.bucket(.zarr))
            let staged = try stores.run("nvme-stage", ["--formats", "zarr", "--from", "s3", "--resolution", "20m"])
            #expect(staged.status == 0, "\(staged.errors)")
            try stores.expect([all[1]], at: stores.temporary + "/zarr")
            let rest = try stores.run("nvme-stage", ["--formats", "zarr", "--tile_id", "35VLH"])
            #expect(rest.status == 0, "\(rest.errors)")
            try stores.expect(all, at: stores.temporary + "/zarr")
        }
    }

    /// GDAL stores nothing of a tile of zeros where it is asked to; a patch load must not show what was in memory.
    @Test func aSparseGeoTIFFIsReadAsGDALMeansIt() async throws {
        try await PythonStores.with { stores in
            let (cogs, zarr) = (stores.temporary + "/cogs", stores.temporary + "/zarr")
            let places = ["DSLAB_S2L1C_NETWORK_COGS_PATH": cogs, "DSLAB_S2L1C_NETWORK_ZARR_PATH": zarr]
            for tool in ["safe2cog", "safe2zarr"] { #expect(try stores.run(tool, [], places).status == 0) }
            let made = try Tool.check("make_sparse.py", cogs, zarr + "/35VLH/2024/10m/data")
            #expect(made.status == 0, "\(made.errors)")
            let log = ["DSLAB_LOG_FOLDER": stores.temporary + "/results"]
            let commands = [["verify"], ["run", "--num_repeats", "6", "--patch_size", "4800"]]
            for command in commands {
                let result = try stores.run("patch-bench", command + Self.cogAndZarr, places.merging(log) { $1 })
                #expect(result.status == 0, "\(result.errors)")
            }
        }
    }

    /// zipfile, zarr-python and xarray on the archive; then through bucket and node disk, which must hold the same pixels.
    @Test func anArchiveIsATileYear() async throws {
        try await PythonStores.with { stores in
            let plain = ["DSLAB_S2L1C_NETWORK_ZARR_PATH": stores.temporary + "/plain"]
            #expect(try stores.run("safe2zarr", [], plain).status == 0)
            let archive = stores.root + "/zipzarr/35VLH/2024.zip"
            let result = try Tool.check("check_zip.py", archive, stores.temporary + "/plain/35VLH/2024")
            #expect(result.status == 0, "\(result.errors)")
            let formats = ["--formats", "zipzarr"]
            let mirrored = try stores.run("s3-mirror", formats)
            #expect(mirrored.status == 0 && mirrored.errors.contains("uploaded 1 files"), "\(mirrored.errors)")
            let staged = try stores.run("nvme-stage", formats + ["--from", "s3"])
            #expect(staged.status == 0 && staged.errors.contains("staged 1 files"), "\(staged.errors)")
            #expect(
                FileManager.default.contentsEqual(
                    atPath: archive,
                    andPath: stores.temporary + "/zipzarr/35VLH/2024.zip"
                )
            )
            let storages = ["verify", "--storages", "network", "temp", "s3"]
            let verified = try stores.run("patch-bench", storages + formats)
            #expect(verified.status == 0, "\(verified.errors)")
            let again = try stores.run("safe2zarr", ["--layout", "zipzarr"])
            #expect(again.status == 0 && again.errors.contains("nothing to do"), "\(again.errors)")
            let status = try stores.run("s2-status")
            #expect(status.status == 0 && status.output.contains("zipzarr"), "\(status.output)")
        }
    }

    private static let cogAndZarr = ["--storages", "network", "--formats", "cog", "zarr"]

    @Test func theTableOfGDALVersionsIsTrue() async throws {
        try await PythonStores.with { stores in
            var places = ["zarr", "shardzarr"].map { "\(stores.root)/\($0)/35VLH/2024/20m" }
            places.append(stores.root + "/zipzarr/35VLH/2024.zip:20m")
            let result = try Tool.check("check_layouts.py", places[0], places[1], places[2])
            #expect(result.status == 0, "\(result.errors)")
            guard let newer = ProcessInfo.processInfo.environment["DSLAB_PYTHON_GDAL"] else { return }
            let other = try Tool.run(newer, ["\(Tool.scripts)/check_layouts.py"] + places)
            #expect(other.status == 0, "\(other.errors)")
            #expect(other.output == "zarr True, shardzarr False, zipzarr True\n")
        }
    }
}

/// A tile-year with products of two baselines, in both layouts, and places of a test's own that do not exist yet.
private struct PythonStores {
    /// Made once.
    let root: String
    let temporary: String
    private let name = "dslab_test_\(UInt32.random(in: 0...(.max)))"

    private static let folder = "/tmp/dslab-python-\(getpid())"
    private static let made = Result {
        atexit { try? FileManager.default.removeItem(atPath: PythonStores.folder) }
        try PythonStores(root: folder, temporary: folder + "/temp").fill()
    }

    static func with(_ body: (PythonStores) async throws -> Void) async throws {
        try made.get()
        try await withScratchDirectory { directory in
            let stores = PythonStores(root: folder, temporary: directory)
            defer {
                let client = try? S3Server.client()
                for bucket in [DataFormat.zarr, .shardzarr, .zipzarr].compactMap({ client?.bucket(stores.bucket($0)) })
                {
                    try? bucket.list("").forEach { try bucket.delete($0.key) }
                    try? bucket.remove()
                }
            }
            try await body(stores)
        }
    }

    // Of dates that both baselines have, the newer product enters.
    private func fill() throws {
        for (dates, baseline) in [("3", "05.10"), ("5", "03.01")] {
            let options = ["--output", root + "/safe", "--dates", dates, "--extent", "720", "--baseline", baseline]
            try expectDone(run("s2-synth", options))
        }
        try expectDone(run("safe2zarr"))
        for layout in ["shardzarr", "zipzarr"] { try expectDone(run("safe2zarr", ["--layout", layout])) }
        // Bands of 15 bits have no saturated pixel.
        let arrays = ["zarr", "shardzarr"].map { "\(root)/\($0)/35VLH/2024/10m/data" }
        try expectDone(Tool.check("mark_pixels.py", arrays[0], arrays[1]))
        let (access, secret) = (S3Server.credentials.accessKey, S3Server.secretKey)
        try write("config", "[profile lab]\nendpoint_url = \(S3Server.endpoint)\nregion = default\n")
        try write("credentials", "[lab]\naws_access_key_id = \(access)\naws_secret_access_key = \(secret)\n")
    }

    private func write(_ file: String, _ text: String) throws {
        try FileSystem.createDirectories(root + "/.aws")
        try AtomicFile.write(Array(text.utf8), to: "\(root)/.aws/\(file)")
    }

    private func expectDone(_ result: ToolResult) throws {
        guard result.status == 0 else { throw PipelineError(.system, result.errors) }
    }

    func bucket(_ format: DataFormat) -> String { "\(name)_\(format.name)" }

    var variables: [String: String] {
        var variables = [
            "DSLAB_S2L1C_S3_PROFILE": "lab", "HOME": root, "DSLAB_S2L1C_NETWORK_SAFE_PATH": root + "/safe",
            "AWS_CONFIG_FILE": root + "/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": root + "/.aws/credentials",
        ]
        for format in [DataFormat.zarr, .shardzarr, .zipzarr] {
            let part = format.name.uppercased()
            variables["DSLAB_S2L1C_NETWORK_\(part)_PATH"] = "\(root)/\(format.name)"
            variables["DSLAB_S2L1C_TEMP_\(part)_PATH"] = "\(temporary)/\(format.name)"
            variables["DSLAB_S2L1C_S3_\(part)_BUCKET"] = bucket(format)
        }
        return variables
    }

    func run(
        _ tool: String,
        _ arguments: [String] = [],
        _ others: [String: String] = [:]
    ) throws -> ToolResult {
        try Tool.run(tool, arguments, variables.merging(others) { $1 })
    }

    func expect(_ cubes: [String], at root: String) throws {
        let result: ToolResult
        switch cubes.count {
        case 1: result = try Tool.check("check_store.py", root, cubes[0], variables: variables)
        default: result = try Tool.check("check_store.py", root, cubes[0], cubes[1], cubes[2], variables: variables)
        }
        #expect(result.status == 0, "\(root): \(result.errors)")
        #expect(result.output == "\(cubes.count) cubes\n")
    }
}
