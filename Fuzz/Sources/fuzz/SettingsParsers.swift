import Glibc
import Logging

@testable import DatacubeStorage

extension Parser {
    /// The files that users and other runs write.
    static let settings = [
        Parser("dotenv", seeds: { $0.hasSuffix(".env") }) { bytes in
            _ = try Dotenv(bytes, path: ".env", environment: ["HOME": "/home", "EMPTY": ""]).values
        },
        Parser("aws-files", seeds: { $0.contains("aws/") }) { bytes in
            _ = try AWSConfigurationFile(bytes, path: "config")
            try onDisk(bytes) { path in
                let environment = ["AWS_CONFIG_FILE": path, "AWS_SHARED_CREDENTIALS_FILE": path]
                for name in ["default", "lab", nil] {
                    _ = try? AWSConfiguration(environment: environment).profile(name)
                }
            }
        },
        Parser("patch-plan", seeds: { $0.hasSuffix("plan.json") }) { bytes in
            try onDisk(bytes) { _ = try PatchPlanFile(file: $0) }
        },
        Parser("copy-record", seeds: { $0.hasSuffix("staging.json") }) { bytes in
            try onDisk(bytes) { _ = try CopyRecord(file: $0) }
        },
        Parser("results", seeds: { $0.hasSuffix("results.json") }) { bytes in
            try onDisk(bytes) { path in
                let log = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }
                _ = try ReportJob(.init(files: [path], options: RunOptions(dryRun: true)), log: log).run()
            }
        },
        Parser("inventory", seeds: { $0.hasSuffix(Inventory.fileName) }) { bytes in
            let inventory = try Inventory(bytes, path: Inventory.fileName)
            let again = try Inventory(inventory.text, path: "again")
            precondition(again == inventory, "an inventory does not survive its text")
        },
        Parser("lock-record", seeds: { $0.hasSuffix("/owner") }) { bytes in
            let owner = LockOwner(json: try JSONValue(parsing: bytes, named: "owner"))
            _ = owner?.standing(towards: .current(environment: ["SLURM_JOB_ID": "7", "SLURM_RESTART_COUNT": "1"]))
        },
    ]

    /// Lends the bytes as a file, for parsers that take no other.
    private static func onDisk(_ bytes: [UInt8], _ use: (_ path: String) throws -> Void) throws {
        let path = "/dev/shm/dslab-fuzz-\(getpid())"
        try? FileSystem.remove(path)
        try LocalFile(creating: path).write(bytes.withUnsafeBytes { UnsafeRawBufferPointer($0) }, at: 0)
        defer { try? FileSystem.remove(path) }
        try use(path)
    }
}
