import Testing

@testable import DatacubeStorage

@Suite struct CopyRecordTests {
    private static let copy = CopyRecord.Copy(
        seconds: 12.5,
        bytes: 1 << 40,
        files: 9500,
        alreadyThere: 0,
        failed: 0,
        tileYears: ["35VLH/2024"]
    )

    @Test func whatIsWrittenIsRead() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/results/staging.json"
            let record = CopyRecord(from: .s3, resolutions: [.r60, .r10], copies: ["zarr": Self.copy])
            try record.write(to: path)
            #expect(try CopyRecord(file: path) == record)
            #expect(record.resolutions == ["10m", "60m"] && record.created.hasSuffix("Z") && !record.host.isEmpty)
            #expect(CopyRecord(from: .network).resolutions == nil)
        }
    }

    /// Scripts read them.
    @Test func theKeysAreThoseOfTheDocument() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/staging.json"
            try CopyRecord(from: .network, copies: ["zarr": Self.copy]).write(to: path)
            let text = String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
            let keys = text.matches(of: /"([a-z_]+)" :/).map { String($0.output.1) }
            #expect(
                keys == [
                    "copies", "zarr", "already_there", "bytes", "failed", "files", "seconds", "tile_years", "created",
                    "from", "host", "version",
                ]
            )
            #expect(text.contains(#""35VLH/2024""#) && text.contains(#""from" : "network""#))
        }
    }

    @Test func onlyWhatCameInOneRunIsWhole() {
        #expect(Self.copy.isWhole)
        var (resumed, damaged) = (Self.copy, Self.copy)
        resumed.alreadyThere = 1
        damaged.failed = 1
        #expect(!resumed.isWhole && !damaged.isWhole)
    }

    @Test(arguments: [
        "{}", "[1", #"{"version":"1","created":"","host":"","from":"tape","copies":{}}"#, number("seconds", "-1"),
        number("bytes", "-1"), number("files", "-7"), number("already_there", "-1"), number("failed", "-1"),
        number("seconds", "1e999"), number("files", "1.5"), number("bytes", "1e30"),
    ])
    func whatIsNoRecordIsNamed(_ text: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/staging.json"
            try AtomicFile.write(Array(text.utf8), to: path)
            let error = #expect(throws: PipelineError.self) { try CopyRecord(file: path) }
            #expect(error?.code == .corrupt && error?.message.contains(path) == true)
        }
    }

    /// A record that is right but for one number.
    private static func number(_ key: String, _ value: String) -> String {
        let numbers = ["seconds", "bytes", "files", "already_there", "failed"].map { name in
            "\"\(name)\":\(name == key ? value : "1")"
        }
        let copy = "{\(numbers.joined(separator: ",")),\"tile_years\":[]}"
        return #"{"version":"1","created":"","host":"","from":"s3","copies":{"zarr":"# + copy + "}}"
    }
}
