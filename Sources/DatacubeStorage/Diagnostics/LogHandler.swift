import FoundationEssentials
import Glibc
public import Logging

/// How log lines look on standard error.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `2024-06-11T09:50:29Z info  message key=value`.
    case text
    /// One JSON object a line, for collectors.
    case json
}

/// Writes one line per record to standard error; results never mix with it, they go to standard output.
public struct StandardErrorLogHandler: LogHandler {
    /// Records below this level are dropped.
    public var logLevel: Logger.Level
    /// Pairs that every record carries.
    public var metadata: Logger.Metadata = [:]
    private let format: LogFormat

    /// Creates a handler; install it with `Logger(label:factory:)`.
    public init(level: Logger.Level, format: LogFormat) {
        self.logLevel = level
        self.format = format
    }

    /// One of those pairs.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the record.
    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let line =
            switch format {
            case .text: textLine(event.level, message: event.message, all: all)
            case .json: jsonLine(event.level, message: event.message, all: all)
            }
        StandardError.write(line + "\n")
    }

    private func textLine(_ level: Logger.Level, message: Logger.Message, all: Logger.Metadata) -> String {
        let pairs = all.sorted { $0.key < $1.key }.map { " \($0.key)=\(PrintableText.line("\($0.value)"))" }.joined()
        let name = level.rawValue.padded(to: 7)
        return "\(Date.now.ISO8601Format()) \(name) \(PrintableText.line("\(message)"))\(pairs)"
    }

    private func jsonLine(_ level: Logger.Level, message: Logger.Message, all: Logger.Metadata) -> String {
        var fields = [
            "time": Date.now.ISO8601Format(), "level": level.rawValue, "message": PrintableText.line("\(message)"),
        ]
        for (key, value) in all { fields[key] = PrintableText.line("\(value)") }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = (try? encoder.encode(fields)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}

/// Whole lines to file descriptor 2, in one write each, so that lines of several threads never interleave.
public enum StandardError {
    /// Whether a person looks at a terminal there.
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes the text; a closed standard error is not worth failing a job for.
    public static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let next = unsafe bytes.baseAddress.map { unsafe $0 + done }
                let count = unsafe Glibc.write(STDERR_FILENO, next, bytes.count - done)
                guard count > 0 else { return }
                done += count
            }
        }
    }
}
