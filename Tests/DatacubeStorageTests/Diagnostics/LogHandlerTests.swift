import Foundation
import Glibc
import Logging
import Testing

@testable import DatacubeStorage

/// What the handler writes to standard error, which is a process's own; so each test lets another process write.
@Suite struct LogHandlerTests {
    /// One of everything, as tools and jobs log it.
    static func tell(_ format: LogFormat) {
        var log = logger(format, .info)
        log.trace("hidden")
        log.debug("hidden")
        log.info("plain")
        log.notice("of note")
        log.warning("a warning", metadata: ["server": "s3.example", "seconds": "90"])
        log.error("an error")
        log.critical("the end")
        log.info("two\nlines\r\nof \u{1B}[31mred\u{7}", metadata: ["key": "a\nb\u{202E}c"])
        log.info("Hämeenlinna 衛星 \"quoted\" back\\slash")
        KnownSecrets.add("a secret/of this test")
        log.error("sent a secret/of this test", metadata: ["echo": "Token=a secret/of this test"])
        log[metadataKey: "job"] = "cog"
        log.info("own", metadata: ["job": "zarr", "also": "x"])
        log.info("own")
    }

    static func logger(_ format: LogFormat, _ level: Logger.Level) -> Logger {
        Logger(label: "test") { _ in StandardErrorLogHandler(level: level, format: format) }
    }

    /// What ``tell(_:)`` makes of a format, and between which moments.
    private func told(_ format: LogFormat) async throws -> (text: String, between: ClosedRange<Date>) {
        // Times are told in whole seconds.
        let start = Date.now.addingTimeInterval(-1)
        let name = format.rawValue
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [name = name as String] in
            LogHandlerTests.tell(try #require(LogFormat(rawValue: name)))
        }
        return (String(decoding: result.standardErrorContent, as: UTF8.self), start...Date.now)
    }

    @Test func textIsALineWithTimeLevelMessageAndPairs() async throws {
        let (text, between) = try await told(.text)
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        for line in lines {
            let time = try #require(ISO8601DateFormatter().date(from: String(line.prefix { $0 != " " })))
            #expect(between.contains(time) && line.prefix { $0 != " " }.hasSuffix("Z"))
        }
        #expect(
            lines.map { $0.drop { $0 != " " }.dropFirst() } == [
                "info    plain", "notice  of note", "warning a warning seconds=90 server=s3.example",
                "error   an error", "critical the end",
                "info    two lines of \\u{1b}[31mred\\u{7} key=a b\\u{202e}c",
                "info    Hämeenlinna 衛星 \"quoted\" back\\slash", "error   sent [redacted] echo=Token=[redacted]",
                "info    own also=x job=zarr", "info    own job=cog",
            ]
        )
    }

    @Test func jsonIsAnObjectOfStringsALine() async throws {
        let (text, between) = try await told(.json)
        #expect(text.hasSuffix("\n"))
        var objects: [[String: String]] = []
        for line in text.split(separator: "\n") {
            var object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            let time = try #require(
                object.removeValue(forKey: "time").flatMap { ISO8601DateFormatter().date(from: $0) }
            )
            #expect(between.contains(time))
            objects.append(object)
        }
        #expect(
            objects == [
                ["level": "info", "message": "plain"], ["level": "notice", "message": "of note"],
                ["level": "warning", "message": "a warning", "server": "s3.example", "seconds": "90"],
                ["level": "error", "message": "an error"], ["level": "critical", "message": "the end"],
                ["level": "info", "message": "two lines of \\u{1b}[31mred\\u{7}", "key": "a b\\u{202e}c"],
                ["level": "info", "message": "Hämeenlinna 衛星 \"quoted\" back\\slash"],
                ["level": "error", "message": "sent [redacted]", "echo": "Token=[redacted]"],
                ["level": "info", "message": "own", "also": "x", "job": "zarr"],
                ["level": "info", "message": "own", "job": "cog"],
            ]
        )
    }

    @Test(arguments: [
        (Logger.Level.debug, ["debug", "info", "warning", "error"]), (.info, ["info", "warning", "error"]),
        (.warning, ["warning", "error"]), (.critical, []),
    ])
    func lowerLevelsAreDropped(_ level: Logger.Level, _ shown: [String]) async throws {
        let name = level.rawValue
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            [name = name as String] in
            let log = LogHandlerTests.logger(.text, try #require(Logger.Level(rawValue: name)))
            log.debug("debug")
            log.info("info")
            log.warning("warning")
            log.error("error")
        }
        let text = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(text.split(separator: "\n").compactMap { $0.split(separator: " ").last.map(String.init) } == shown)
    }

    @Test func linesOfSeveralThreadsStayWhole() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let log = LogHandlerTests.logger(.json, .info)
            DispatchQueue.concurrentPerform(iterations: 8) { thread in
                for number in 0..<200 {
                    log.info("\(thread) \(number)", metadata: ["x": "\(String(repeating: "x", count: 1000))"])
                }
            }
        }
        let lines = String(decoding: result.standardErrorContent, as: UTF8.self).split(separator: "\n")
        let messages = try lines.map { line in
            let object = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
            #expect(object["x"]?.count == 1000)
            return object["message"] ?? ""
        }
        #expect(messages.count == 8 * 200 && Set(messages).count == messages.count)
    }

    /// As `2>&-` in a shell does.
    @Test func aClosedStandardErrorIsNoFailure() async {
        await #expect(processExitsWith: .exitCode(7)) {
            close(STDERR_FILENO)
            LogHandlerTests.tell(.text)
            LogHandlerTests.tell(.json)
            exit(7)
        }
    }

    @Test func aFileOfALogIsNoTerminal() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            StandardError.write("terminal: \(StandardError.isTerminal)")
        }
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == "terminal: false")
    }
}
