import Foundation
import Testing

/// What scripts rely on in every tool: names of options, helps, wrong usage, missing settings.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct CommandLineTests {
    /// The options that a help lists, each with its names and its text.
    private func options(of help: String) -> [(names: Set<String>, text: String)] {
        var options: [(names: Set<String>, text: String)] = []
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines.drop(while: { $0 != "OPTIONS:" }).dropFirst().prefix(while: { !$0.isEmpty }) {
            if line.hasPrefix("  -") {
                // Two blanks or the value's name part them from the text.
                let column = line.dropFirst(2).split(separator: "  ").first ?? ""
                let names = column.matches(of: /--[a-z0-9_-]+/).map { String($0.output) }
                options.append((Set(names), ""))
            }
            options[options.count - 1].text += line.drop { $0 == " " } + " "
        }
        return options
    }

    @Test(arguments: Command.all)
    func theHelpNamesEveryOption(_ command: Command) throws {
        let help = try command.run(["--help"])
        #expect(help.status == 0 && help.errors.isEmpty)
        let listed = Set(options(of: help.output).map(\.names))
        let expected = (Array(command.options) + Array(Command.common)).map { Command.spellings($0.key) }
        #expect(listed == Set(expected + [["--version"], ["--help"]]))
    }

    /// A document lists what all tools have.
    @Test func theCommonOptionsAreThoseOfTheDocument() throws {
        let page = URL(filePath: #filePath).appending(path: "../../../../docs/configuration.md").standardizedFileURL
        let section = try String(contentsOf: page, encoding: .utf8).split(separator: "## Options that every tool has")
        let rows = try #require(section.last).split(separator: "\n").filter { $0.hasPrefix("| `") }
        let names = rows.compactMap { $0.split(separator: "|").first }.joined().matches(of: /--[a-z_]+/)
        #expect(Set(names.map { String($0.output.dropFirst(2)) }) == Set(Command.common.map(\.key)))
    }

    @Test(arguments: Command.all.filter { !$0.defaults.isEmpty })
    func theDefaultsAreThoseOfTheReference(_ command: Command) throws {
        let listed = options(of: try command.run(["--help"]).output)
        for (name, value) in command.defaults {
            let option = try #require(listed.first { $0.names.contains("--" + name) })
            #expect(option.text.hasSuffix("default: \(value)) "), "\(option.text)")
        }
    }

    @Test(arguments: Command.all + [Command(words: ["patch-bench"], options: [:])])
    func theHelpGivesTheExitStatusesInLinesThatFit(_ command: Command) throws {
        let help = try command.run(["--help"]).output
        let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let section = try #require(words.split(separator: "EXIT STATUS").dropFirst().first)
        for status in [
            "0 done", "1 failed", "3 finished", "64 wrong usage", "75 try again later", "130/143 interrupted",
        ] {
            #expect(section.contains(status))
        }
        let lines = help.split(separator: "\n").filter { !$0.hasPrefix("USAGE: ") }
        #expect(lines.filter { $0.count > 120 } == [])
    }

    @Test(
        arguments: Command.all
    )
    func theUsageFitsToo(_ command: Command) throws {
        for text in [try command.run(["--help"]).output, try command.run(["--no-such-option"]).errors] {
            #expect(text.split(separator: "\n").filter { $0.count > 120 } == [])
        }
    }

    @Test func theHelpOfTheBenchmarkNamesItsSubcommands() throws {
        let words = try Tool.run("patch-bench", ["--help"]).output.split(whereSeparator: \.isWhitespace)
        let section = words.drop { $0 != "SUBCOMMANDS:" }.joined(separator: " ")
        for name in ["run (default) ", "verify ", "report "] { #expect(section.contains(name)) }
    }

    @Test func allToolsAreOfOneVersion() throws {
        let versions = try Command.all.map { command in
            let result = try command.run(["--version"])
            #expect(result.status == 0 && result.errors.isEmpty)
            return result.output
        }
        #expect(Set(versions).count == 1)
        #expect(try #require(versions.first).wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }

    @Test(arguments: Command.all + [Command(words: ["patch-bench"], options: [:])])
    func anUnknownOptionIsWrongUsage(_ command: Command) throws {
        let result = try command.run(["--no-such-option"] + command.operands)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.lines.first?.hasPrefix("Error: Unknown option '--no-such-option'") == true)
        #expect(result.lines.dropFirst().first?.hasPrefix("Usage: \(command.testDescription)") == true)
    }

    /// Every option with a value in one command line, which ends in one option that nobody has.
    @Test(arguments: Command.all, [false, true])
    func optionsAreUnderstoodInBothSpellings(_ command: Command, _ hyphens: Bool) throws {
        let result = try command.run(command.arguments(hyphens: hyphens) + ["--no-such-option"])
        #expect(result.status == 64)
        #expect(result.lines.first?.hasPrefix("Error: Unknown option '--no-such-option'") == true, "\(result.errors)")
    }

    /// Where the keys for the Data Space are there.
    @Test(arguments: Command.all)
    func missingVariablesAreNamedInOneLine(_ command: Command) throws {
        let keys = ["AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ACCESS_KEY_ID": "K", "AWS_SECRET_ACCESS_KEY": "S"]
        let result = try command.run(command.operands, keys)
        guard !command.variables.isEmpty else { return #expect(!result.errors.contains("DSLAB_")) }
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.lines.count == 1 && result.lines.first?.contains(" error ") == true)
        let names = result.errors.matches(of: /DSLAB_[A-Z0-9_]+/).map { String($0.output) }
        #expect(names == command.variables)
    }

    @Test(
        arguments: ["s2-intake", "s2-intake-year"]
    )
    func theIntakeNamesItsFolderWithItsProfile(_ tool: String) throws {
        let result = try Tool.run(tool)
        #expect(result.status == 1 && result.lines.count == 1)
        #expect(result.errors.contains("cdse") && result.errors.contains("DSLAB_S2L1C_NETWORK_SAFE_PATH"))
    }

    @Test(arguments: [
        (["s2-intake", "--time_end", "2024-02-20T00:00:00Z"], "--time_end"),
        (["s2-intake", "--time_start", "yesterday"], "--time_start"),
        (["s2-intake-year", "--year_start", "2014"], "--year_start"),
        (["s2-intake-year", "--year_end", "2024"], "--year_end"),
        (["s2-intake", "--connections", "0"], "--connections"),
        (["s2-intake-year", "--requests_per_minute", "0"], "--requests_per_minute"),
        (["s2-status", "--tile", "nowhere"], "--tile_id"),
        (["s2-status", "--print_setting", "HOME"], "--print_setting"),
        (["s3-mirror", "--direction", "down", "--public_read"], "--public_read"),
        (["s3-mirror", "--max_objects", "0"], "--max_objects"), (["safe2zarr", "--chunk_time", "0"], "--chunk_time"),
        (["patch-bench", "run", "--x1", "1"], "--x1"), (["patch-bench", "run", "--num_repeats", "0"], "--num_repeats"),
        (["patch-bench", "verify", "--formats", "tiff"], "--formats"), (["patch-bench", "report"], "files"),
    ])
    func valuesThatMakeNoSenseAreWrongUsage(_ words: [String], _ option: String) throws {
        let result = try Tool.run(words[0], Array(words.dropFirst()))
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.lines.first?.hasPrefix("Error: ") == true && result.lines.first?.contains(option) == true)
    }
}
