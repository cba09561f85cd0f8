import Glibc

/// Small texts that the kernel makes up when they are read, below `/proc` and `/sys`.
enum KernelFile {
    private static let limit = 64 << 10

    /// The text, at most 64 KiB of it; such files announce a size of 0, so they are read by one call.
    static func text(_ path: String) throws(PipelineError) -> String {
        let file = try LocalFile(reading: path)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try SystemCall.check("read", path: path) { unsafe pread(file.descriptor, &bytes, limit, 0) }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// The lines, which end with `\n` alone; found by bytes, for "\r\n" is one `Character`.
    static func lines(_ path: String) throws(PipelineError) -> [Substring] {
        try text(path).utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }
    }

    /// The value of the first line `name: value` or `name : value`.
    static func value(_ name: String, in path: String) -> String? {
        guard let lines = try? lines(path) else { return nil }
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmed() == name else { continue }
            return parts[1].trimmed()
        }
        return nil
    }
}
