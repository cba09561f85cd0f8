import Foundation
import Testing

@testable import DatacubeStorage

@Suite struct VisibleFilesTests {
    /// What `find` lists, hidden names left out, in the order of the names of each folder; links are refused by name.
    @Test func filesComeInOrderAsFindSeesThem() async throws {
        try await withTemporaryDirectory { directory in
            let root = "\(directory)/root"
            let paths = [
                "b", "a/2", "a/10", "a/c/0/0", "a/c/0/1", "a/c/1/0", "z/.hidden/x", "z/.part", ".lock/owner", "z/y",
            ]
            for path in paths + ["../elsewhere/linked"] {
                try FileSystem.createDirectories(FileSystem.parent(of: "\(root)/\(path)"))
                try AtomicFile.write([UInt8](path.utf8), to: "\(root)/\(path)")
            }
            try FileSystem.createDirectories("\(root)/empty")
            try FileManager.default.createSymbolicLink(
                atPath: "\(root)/m",
                withDestinationPath: "../elsewhere"
            )
            try FileManager.default.createSymbolicLink(atPath: "\(root)/dangling", withDestinationPath: "nowhere")
            try FileManager.default.createSymbolicLink(atPath: "\(root)/a/loop", withDestinationPath: ".")
            let found = try await FileSystem.visibleFiles(below: root, on: BlockingExecutor(width: 3))
            #expect(found.files.map(\.path) == ["a/10", "a/2", "a/c/0/0", "a/c/0/1", "a/c/1/0", "b", "z/y"])
            #expect(found.files.map(\.path).sorted() == (try find(root)))
            for (path, status) in found.files { #expect(status.size == path.utf8.count) }
            #expect(found.refusals.map(\.path) == ["a/loop", "dangling", "m"])
            for refusal in found.refusals {
                #expect(refusal.error.code == .unsupported)
                #expect(refusal.error.message.contains("\(root)/\(refusal.path) is a symbolic link"))
            }
        }
    }

    @Test func aFolderThatIsNotThereIsAnError() async throws {
        let error = await #expect(throws: PipelineError.self) {
            try await FileSystem.visibleFiles(below: "/nowhere/at/all", on: BlockingExecutor(width: 1))
        }
        #expect(error?.code == .notFound)
    }

    private func find(_ root: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/find")
        process.arguments = [root, "-type", "f", "-not", "-path", "*/.*", "-printf", "%P\n"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let lines = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return lines.split(separator: "\n").map(String.init).sorted()
    }
}

@Suite struct FileTimeTests {
    /// Later than 64 bits tell in nanoseconds.
    @Test func aFileOfAnyTimeHasAStatus() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/file"
            try AtomicFile.write([1], to: path)
            var times = [timespec(tv_sec: 13_569_465_600, tv_nsec: 5), timespec(tv_sec: 13_569_465_600, tv_nsec: 5)]
            let isSet = utimensat(AT_FDCWD, path, &times, 0) == 0
            // Some file systems end before.
            guard isSet, let status = try FileSystem.status(path) else { return }
            #expect(status.size == 1 && status.modified > 0)
        }
    }
}
