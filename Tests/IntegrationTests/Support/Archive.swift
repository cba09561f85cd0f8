import DatacubeStorage
import Foundation
import TestSupport

/// Products made once by `s2-synth`, and what undisturbed runs make of them.
struct Archive: Sendable {
    static let dates = 12
    static let tileYear = "35VLH/2024"

    /// The only one; made when it is first asked for.
    static func shared() throws -> Archive { try made.get() }

    let root: String
    /// Names and bytes of each folder that a job fills.
    let trees: [Output: FileTree]

    /// The folders of an archive or of a test.
    enum Output: String, CaseIterable { case cog, zarr }

    func path(_ output: Output) -> String { "\(root)/\(output.rawValue)" }
    var safe: String { root + "/safe" }

    private static let made = Result { try Archive() }

    // 1200 pixels are more than a tile of JPEG 2000 and than a chunk at 10 m and 60 m.
    private init() throws {
        let extent = ProcessInfo.processInfo.environment["DSLAB_TEST_EXTENT"] ?? "1200"
        root = "/tmp/dslab-integration-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: "/tmp/dslab-integration-\(getpid())") }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        try Archive.expectDone(
            Tool.run("s2-synth", ["--output", root + "/safe", "--dates", "\(Archive.dates)", "--extent", extent])
        )
        let workspace = Workspace(root: root)
        for job in [Job.safe2cog, .safe2zarr] {
            try Archive.expectDone(Tool.run(job.rawValue, [], workspace.variables(safe: root + "/safe")))
        }
        let root = root
        trees = try Dictionary(
            uniqueKeysWithValues: Output.allCases.map { ($0, try FileTree("\(root)/\($0.rawValue)")) }
        )
    }

    private static func expectDone(_ result: ToolResult) throws {
        guard result.status == 0 else { throw PipelineError(.system, result.errors) }
    }
}

/// The jobs that can be killed and must lose nothing.
enum Job: String, CaseIterable {
    case safe2cog, safe2zarr
    case stage = "nvme-stage"

    /// What the job fills.
    var outputs: [Archive.Output] {
        switch self {
        case .safe2cog: [.cog]
        case .safe2zarr: [.zarr]
        case .stage: [.cog, .zarr]
        }
    }

    /// What the command line says besides.
    var arguments: [String] { self == .stage ? ["--formats", "cog", "zarr"] : [] }
}
