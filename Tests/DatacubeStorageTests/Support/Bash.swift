import Foundation

/// The shell that `.env` files are written for.
enum Bash {
    /// What `A` is after each of the scripts, which are files of one folder; bash knows these variables and no others.
    static func values(ofA scripts: [String], in folder: String, _ environment: [String: String]) throws -> [String] {
        for (index, script) in scripts.enumerated() {
            try Data(script.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(index).sh"))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        // Each file in a shell of its own; what a file prints or complains about is part of the answer.
        let loop = "for ((i = 0; i < $1; i++)); do (unset A; . ./$i.sh; printf '%s' \"$A\") 2>&1; printf '\\0'; done"
        process.arguments = ["--norc", "--noprofile", "-c", loop, "bash", "\(scripts.count)"]
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// All that a script says, on both outputs, and its exit status where that is not 0.
    static func output(of script: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["--norc", "--noprofile", "-c", script]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let status = process.terminationStatus == 0 ? "" : "status \(process.terminationStatus)"
        return String(decoding: bytes, as: UTF8.self) + status
    }
}
