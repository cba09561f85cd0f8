import DatacubeStorage
import Glibc
import Testing

/// Failures that a real file system makes, for root too, who may read and write everything.
@Suite struct FileFailureTests {
    /// The error of an operation, after a look at what all of them have in common.
    private func failure(naming path: String, _ operation: () throws -> Void) -> PipelineError? {
        let error = #expect(throws: PipelineError.self) { try operation() }
        #expect(error?.message.contains(path) == true)
        return error
    }

    @Test func aFileIsNoFolder() throws {
        try withTemporaryDirectory { directory in
            let file = directory + "/file"
            try AtomicFile.write([1], to: file)
            let below = file + "/below"
            #expect(try FileSystem.status(below) == nil, "nothing is there")
            let operations: [(String, () throws -> Void)] = [
                (below, { _ = try LocalFile(reading: below) }), (file, { _ = try FileSystem.list(file) }),
                (below, { try FileSystem.createDirectories(below) }), (file, { try AtomicFile.write([1], to: below) }),
            ]
            for (path, operation) in operations {
                let error = failure(naming: path, operation)
                #expect(error?.code == .system && error?.cause == "Not a directory", "\(error as Any)")
            }
            let taken = failure(naming: file) { try FileSystem.createDirectories(file) }
            #expect(taken?.code == .unwritable && taken?.message.contains("something else has that name") == true)
        }
    }

    /// 255 bytes are the most on any usual file system.
    @Test func aNameThatIsTooLongIsNoAbsentFile() throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/\(String(repeating: "n", count: 300))"
            let operations: [() throws -> Void] = [
                { _ = try FileSystem.status(path) }, { _ = try FileSystem.exists(path) },
                { _ = try LocalFile(reading: path) }, { _ = try LocalFile(creating: path) },
                { try FileSystem.createDirectories(path) }, { try AtomicFile.write([1], to: path) },
                { _ = try FileSystem.freeBytes(at: path) },
            ]
            for operation in operations {
                let error = failure(naming: directory, operation)
                #expect(error?.code == .system && error?.cause == "File name too long", "\(error as Any)")
            }
            let left = try FileSystem.list(directory)
            #expect(left == [])
        }
    }

    @Test func linksInACircleLeadNowhereButCanBeRemoved() throws {
        try withTemporaryDirectory { directory in
            let (one, other) = (directory + "/one", directory + "/other")
            try #require(symlink("other", one) == 0 && symlink("one", other) == 0)
            let operations: [() throws -> Void] = [
                { _ = try FileSystem.status(one) }, { _ = try FileSystem.list(one) },
                { _ = try LocalFile(reading: one) },
                { _ = try LocalFile(updating: one) }, { _ = try FileSystem.contents(of: one) },
            ]
            for operation in operations {
                let error = failure(naming: one, operation)
                #expect(error?.code == .system && error?.cause == "Too many levels of symbolic links")
            }
            try FileSystem.remove(one)
            #expect(try FileSystem.list(directory) == ["other"])
        }
    }

    @Test(.enabled(if: access("/dev/full", W_OK) == 0, "there is no /dev/full"))
    func aFullDeviceIsNoSpace() throws {
        let file = try LocalFile(updating: "/dev/full")
        let error = #expect(throws: PipelineError.self) {
            try [UInt8](repeating: 1, count: 10).withUnsafeBytes { try file.write($0, at: 0) }
        }
        #expect(error?.code == .noSpace && error?.cause == "No space left on device")
        #expect(error?.message.hasPrefix("cannot write /dev/full: no space is left there") == true)
    }

    /// Nobody may make files or folders in sysfs, and in containers it is often mounted so that nobody can.
    @Test func whereNothingMayBeMadeIsUnwritable() {
        for operation in [
            { try FileSystem.createDirectories("/sys/dslab") }, { _ = try LocalFile(creating: "/sys/dslab") },
            { try AtomicFile.write([1], to: "/sys/dslab") },
        ] {
            #expect(failure(naming: "/sys/", operation)?.code == .unwritable)
        }
    }

    /// Files of procfs are not removed, by root neither.
    @Test func whatMayNotBeRemovedIsUnwritable() {
        let path = "/proc/self/limits"
        let error = failure(naming: path) { try FileSystem.remove(path) }
        #expect(error?.code == .unwritable && error?.cause == "Operation not permitted")
        #expect(error?.message == "cannot remove \(path): permission denied; check owner and mode")
    }

    /// No program has anything in memory at address 0.
    @Test func whatCannotBeReadIsOneFilesFailure() throws {
        let file = try LocalFile(reading: "/proc/self/mem")
        let error = failure(naming: "/proc/self/mem") { _ = try file.read(count: 1, at: 0) }
        #expect(error?.code == .unreadable && error?.cause == "Input/output error")
    }

    @Test func aFolderIsNoFile() throws {
        try withTemporaryDirectory { directory in
            let folder = try LocalFile(reading: directory)
            let reading = failure(naming: directory) { _ = try folder.read(count: 1, at: 0) }
            #expect(reading?.code == .system && reading?.cause == "Is a directory")
            let writing = failure(naming: directory) { _ = try LocalFile(updating: directory) }
            #expect(writing?.code == .system && writing?.cause == "Is a directory")
            let contents = failure(naming: directory) { _ = try FileSystem.contents(of: directory) }
            #expect(contents?.code == .unreadable && contents?.message.hasSuffix("is not a file") == true)
        }
    }

    @Test func aFileThatCannotGetItsNameLeavesNothing() throws {
        try withTemporaryDirectory { directory in
            let taken = directory + "/taken"
            try FileSystem.createDirectories(taken + "/inside")
            let error = failure(naming: taken) { try AtomicFile.write([1, 2, 3], to: taken) }
            #expect(error?.code == .system && error?.cause == "Is a directory")
            #expect(try FileSystem.list(directory) == ["taken"])
            let absent = failure(naming: directory + "/nowhere/") {
                try AtomicFile.write([1], to: directory + "/nowhere/file")
            }
            #expect(absent?.code == .notFound)
            let existing = failure(naming: taken) { _ = try LocalFile(creating: taken) }
            #expect(existing?.code == .system && existing?.cause == "File exists")
            let gone = failure(naming: directory + "/gone to \(taken)") {
                try FileSystem.rename(directory + "/gone", to: taken)
            }
            #expect(gone?.code == .notFound)
        }
    }

    /// In a process of its own, for root becomes another user first.
    @Test func permissionsOfOthersAreNamed() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { directory in
                let (closed, file) = (directory + "/closed", directory + "/file")
                try FileSystem.createDirectories(closed)
                try AtomicFile.write([1], to: file)
                try #require(chmod(file, 0) == 0 && chmod(closed, 0) == 0)
                let root = geteuid()
                if root == 0 { try #require(seteuid(65534) == 0) }
                defer { seteuid(root) }
                let operations: [(PipelineError.Code, String, () throws -> Void)] = [
                    (.unreadable, "cannot list \(closed)", { _ = try FileSystem.list(closed) }),
                    (.unreadable, "cannot read \(closed)/x", { _ = try FileSystem.status(closed + "/x") }),
                    (.unreadable, "cannot read \(file)", { _ = try LocalFile(reading: file) }),
                    (.unwritable, "cannot write \(file)", { _ = try LocalFile(updating: file) }),
                    (.unwritable, "cannot create \(closed)/x", { _ = try LocalFile(creating: closed + "/x") }),
                    (.unwritable, "cannot create \(closed)/x", { try FileSystem.createDirectories(closed + "/x") }),
                ]
                for (code, words, operation) in operations {
                    let error = #expect(throws: PipelineError.self) { try operation() }
                    #expect(error?.code == code)
                    #expect(error?.message == words + ": permission denied; check owner and mode")
                    #expect(error?.cause == "Permission denied")
                }
            }
        }
    }
}
