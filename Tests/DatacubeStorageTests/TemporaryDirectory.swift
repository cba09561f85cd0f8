import DatacubeStorage
import Glibc

/// A directory for one test, removed afterwards.
enum TemporaryDirectory {
    static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = try create()
        defer { try? FileSystem.remove(path) }
        return try body(path)
    }

    static func with<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = try create()
        defer { try? FileSystem.remove(path) }
        return try await body(path)
    }

    private static func create() throws -> String {
        var template = Array("/tmp/datacube-storage-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw PipelineError(.system, "mkdtemp failed") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
