import Foundation

/// How a process ended and what it said.
struct ToolResult {
    /// As a shell gives it: 128 and the signal's number where a signal ended the process.
    let status: Int32
    let output: String
    let errors: String

    /// What it said on standard error, line by line.
    var lines: [String] { errors.split(separator: "\n").map(String.init) }
}

/// A process of one of the tools, or of Python.
final class Tool {
    /// The folder of the built tools; the tests are skipped where the script did not name it.
    static let folder = ProcessInfo.processInfo.environment["DSLAB_BIN"]
    private static let python = ProcessInfo.processInfo.environment["DSLAB_PYTHON"] ?? "python3"

    private let process = Process()
    private let streams: URL

    /// Starts a program with these variables and no others besides PATH.
    init(_ program: String, _ arguments: [String], _ variables: [String: String] = [:], in folder: String? = nil) throws
    {
        streams = FileManager.default.temporaryDirectory.appending(path: "dslab-streams-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: streams, withIntermediateDirectories: true)
        let path = program.contains("/") ? program : "\(Tool.folder ?? "")/\(program)"
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = variables.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
        process.currentDirectoryURL = folder.map { URL(filePath: $0) } ?? streams
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try stream("output")
        process.standardError = try stream("errors")
        try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: streams) }

    var isRunning: Bool { process.isRunning }

    /// What `ps` shows of it, or nothing once it has ended.
    var commandLine: String {
        let path = URL(filePath: "/proc/\(process.processIdentifier)/cmdline")
        while isRunning {
            // Empty for a moment, while the program is being loaded.
            if let text = try? Data(contentsOf: path), !text.isEmpty { return String(decoding: text, as: UTF8.self) }
            usleep(1000)
        }
        return ""
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    func wait() throws -> ToolResult {
        process.waitUntilExit()
        let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
        return ToolResult(
            status: base + process.terminationStatus,
            output: try String(contentsOf: streams.appending(path: "output"), encoding: .utf8),
            errors: try String(contentsOf: streams.appending(path: "errors"), encoding: .utf8)
        )
    }

    private func stream(_ name: String) throws -> FileHandle {
        let url = streams.appending(path: name)
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    /// Runs a program to its end.
    static func run(
        _ program: String,
        _ arguments: [String] = [],
        _ variables: [String: String] = [:],
        in folder: String? = nil
    ) throws -> ToolResult {
        try Tool(program, arguments, variables, in: folder).wait()
    }

    /// The scripts that look at results with other libraries.
    static let scripts = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Interoperability")
        .standardizedFileURL.path()

    /// Runs one of ``scripts``.
    static func check(
        _ script: String,
        _ arguments: String...,
        variables: [String: String] = [:],
        in folder: String? = nil
    ) throws -> ToolResult {
        let own = ["PYTHONDONTWRITEBYTECODE": "1", "DSLAB_TEST_SCRIPTS": scripts]
        return try run(python, [scripts + "/" + script] + arguments, own.merging(variables) { $1 }, in: folder)
    }
}
