import Foundation
import TestSupport
import Testing

/// How every tool tells scripts what it did, and what it leaves alone.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct ToolRunTests {
    @Test(arguments: ToolRun.all)
    func theOutcomeFileHasTheCounts(_ run: ToolRun) throws {
        try ToolSite.with(for: run) { site, _ in
            let (finished, skipped) = try run.counts(site)
            let result = try run.start(site, "--outcome_file", site.root + "/outcome")
            #expect(result.status == 0, "\(result.errors)")
            #expect(try outcome(site) == ["\(finished) finished, \(skipped) skipped, 0 failed"])
        }
    }

    @Test(arguments: ToolRun.all)
    func aQuietRunSaysNothing(_ run: ToolRun) throws {
        try ToolSite.with(for: run) { site, _ in
            let result = try run.start(site, "--quiet")
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        }
    }

    @Test(arguments: ToolRun.all)
    func logsOfJSONAreAnObjectALine(_ run: ToolRun) throws {
        try ToolSite.with(for: run) { site, _ in
            let result = try run.start(site, "--verbose", "--log-format", "json")
            #expect(result.status == 0, "\(result.errors)")
            let objects = try result.lines.map {
                try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String], "\($0)")
            }
            for object in objects {
                #expect(ISO8601DateFormatter().date(from: object["time"] ?? "") != nil)
                #expect(["debug", "info"].contains(object["level"]) && object["message"]?.isEmpty == false)
            }
            // With --verbose every variable is told.
            let messages = objects.compactMap { $0["message"] }
            #expect(messages.contains("DSLAB_S2L1C_NETWORK_SAFE_PATH=\(site.root)/safe (environment)"))
            #expect(!(result.errors + result.output).contains(ToolSite.secret))
        }
    }

    @Test(arguments: ToolRun.all)
    func aDryRunChangesNothing(_ run: ToolRun) throws {
        try ToolSite.with(for: run) { site, stored in
            let before = try site.contents()
            let result = try run.start(site, "--dry-run")
            #expect(result.status == 0, "\(result.errors)")
            #expect(try site.contents().symmetricDifference(before) == [])
            #expect(stored() == [])
        }
    }

    @Test(
        arguments: ToolRun.all.filter { $0.tool.hasPrefix("safe2") || $0.testDescription.contains("network") }
    )
    func aDryRunWritesNothingBesideProducts(_ run: ToolRun) throws {
        try ToolSite.with { site, _ in
            for file in try FileTree(site.root + "/safe").files where file.hasSuffix(".tileparts.json") {
                try FileManager.default.removeItem(atPath: site.root + "/safe" + file)
            }
            let before = try site.contents()
            #expect(try run.start(site, "--dry_run").status == 0)
            #expect(try site.contents().symmetricDifference(before) == [])
        }
    }

    @Test
    func aDryRunWritesNoPlan() throws {
        try ToolSite.with { site, _ in
            let options = ["--storages", "network", "--patch_size", "60", "--dry_run", "--write_plan", site.new]
            let result = try Tool.run("patch-bench", ["run"] + options, site.variables)
            #expect(result.status == 0)
            #expect(!FileManager.default.fileExists(atPath: site.new))
        }
    }

    /// A line of what ended the run, then one for each failure.
    @Test func whatEndedARunIsInTheOutcomeFile() throws {
        try ToolSite.with { site, _ in
            var variables = site.variables
            variables["DSLAB_S2L1C_NETWORK_SAFE_PATH"] = site.root + "/absent"
            let file = ["--outcome-file", site.root + "/outcome"]
            #expect(try Tool.run("safe2cog", file, variables).status == 1)
            let lines = try outcome(site)
            #expect(lines.count == 2 && lines[0] == lines[1] && lines[0].contains("/absent"))
            variables["DSLAB_S2L1C_NETWORK_SAFE_PATH"] = nil
            #expect(try Tool.run("safe2cog", file, variables).status == 1)
            #expect(try outcome(site).first?.hasPrefix("configuration: DSLAB_S2L1C_NETWORK_SAFE_PATH (") == true)
        }
    }

    @Test(arguments: ["safe2cog", "safe2zarr"])
    func eachFailureIsALineOfTheOutcomeFile(_ tool: String) throws {
        try ToolSite.with { site, _ in
            let band = try #require(FileTree(site.root + "/safe").files.first { $0.hasSuffix("_B05.jp2") })
            try FileManager.default.removeItem(atPath: site.root + "/safe" + band)
            let options = ["--target", site.new, "--outcome_file", site.root + "/outcome"]
            #expect(try Tool.run(tool, options, site.variables).status == 3)
            let lines = try outcome(site)
            #expect(lines.count == 2 && lines[0] == "\(ToolSite.dates - 1) finished, 0 skipped, 1 failed")
            #expect(lines[1].contains("lacks B05"))
        }
    }

    /// The work is done all the same.
    @Test func anOutcomeFileThatCannotBeWrittenIsAWarning() throws {
        try ToolSite.with { site, _ in
            let result = try Tool.run("s2-status", ["--no-s3", "--outcome_file", "/nowhere/outcome"], site.variables)
            #expect(result.status == 0 && result.output.contains("35VLH"))
            #expect(result.lines.count == 1 && result.errors.contains(" warning "))
            #expect(result.errors.contains("/nowhere/"))
        }
    }

    private func outcome(_ site: ToolSite) throws -> [String] {
        let text = try String(contentsOfFile: site.root + "/outcome", encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        return text.split(separator: "\n").map(String.init)
    }
}
