import Foundation
import TestSupport

/// The folders of one test.
struct Workspace {
    let root: String

    /// Runs a test with a new folder that is removed afterwards.
    static func with<Result>(_ body: (Workspace) throws -> Result) throws -> Result {
        let root = "/tmp/dslab-work-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        return try body(Workspace(root: root))
    }

    func path(_ output: Archive.Output) -> String { "\(root)/\(output.rawValue)" }

    /// The variables for a conversion of products to this folder.
    func variables(safe: String) -> [String: String] {
        [
            "DSLAB_S2L1C_NETWORK_SAFE_PATH": safe, "DSLAB_S2L1C_NETWORK_COGS_PATH": path(.cog),
            "DSLAB_S2L1C_NETWORK_ZARR_PATH": path(.zarr),
        ]
    }

    /// The variables for a job that brings the archive's data to this folder.
    func variables(for job: Job) throws -> [String: String] {
        let archive = try Archive.shared()
        guard job == .stage else { return variables(safe: archive.safe) }
        return [
            "DSLAB_S2L1C_NETWORK_COGS_PATH": archive.path(.cog), "DSLAB_S2L1C_NETWORK_ZARR_PATH": archive.path(.zarr),
            "DSLAB_S2L1C_TEMP_COGS_PATH": path(.cog), "DSLAB_S2L1C_TEMP_ZARR_PATH": path(.zarr),
        ]
    }

    func start(_ job: Job) throws -> Tool { try Tool(job.rawValue, job.arguments, variables(for: job)) }

    func run(_ job: Job) throws -> ToolResult { try start(job).wait() }

    /// Where this folder differs from what undisturbed runs make; leftovers of any name are differences.
    func differences(_ job: Job) throws -> [String] {
        try job.outputs.flatMap { output in
            guard let expected = try Archive.shared().trees[output] else { return ["\(output)"] }
            return try FileTree(path(output)).differences(from: expected)
        }
    }

    /// All files, finished or not.
    func files(_ job: Job) throws -> [String] {
        try job.outputs.filter { FileManager.default.fileExists(atPath: path($0)) }.flatMap {
            try FileTree(path($0)).paths
        }
    }

    /// Waits until a file of that kind is there, or the tool has ended.
    func waitForFile(of job: Job, while tool: Tool, _ isWanted: (String) -> Bool) throws {
        while tool.isRunning {
            let found = job.outputs.contains { output in
                FileManager.default.enumerator(atPath: path(output))?.contains { isWanted("\($0)") } ?? false
            }
            if found { return }
            usleep(2000)
        }
    }
}
