import Foundation
import Testing

/// Settings as the tools and the scripts around them understand them.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct SettingsTests {
    private static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        .standardizedFileURL.path()

    private func write(_ text: String, to name: String, in workspace: Workspace) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(workspace.root)/\(name)"))
    }

    /// As `make report` and the job scripts ask.
    @Test(arguments: [
        ("DSLAB_LOG_FOLDER=${SCRATCH}/res   # mine\n", "/scratch/res"),
        ("\u{FEFF}export DSLAB_LOG_FOLDER=\"$SCRATCH\"/res\r\nOTHER=1\r\n", "/scratch/res"),
        ("DSLAB_LOG_FOLDER=~/res\n", "/home/u/res"), ("OTHER=1\n", "./results"),
    ])
    func scriptsAskAToolForASetting(_ text: String, _ value: String) throws {
        try Workspace.with { workspace in
            try write(text, to: ".env", in: workspace)
            for option in ["--print_setting", "--print-setting"] {
                let result = try Tool.run(
                    "s2-status",
                    [option, "DSLAB_LOG_FOLDER"],
                    ["SCRATCH": "/scratch", "HOME": "/home/u"],
                    in: workspace.root
                )
                #expect(result.status == 0 && result.output == value + "\n" && result.errors.isEmpty, "\(result)")
            }
            let unknown = try Tool.run("s2-status", ["--print_setting", "HOME"], in: workspace.root)
            #expect(unknown.status == 64 && unknown.output.isEmpty)
        }
    }

    /// It filled the root of the file system once.
    @Test func anUnsetVariableStopsTheToolThatUsesIt() throws {
        try Workspace.with { workspace in
            let archive = try Archive.shared()
            try write(
                """
                DSLAB_S2L1C_NETWORK_ZARR_PATH=\(archive.path(.zarr))
                DSLAB_S2L1C_TEMP_ZARR_PATH=${LOCAL_SCRATCH}\(workspace.root)/temp

                """,
                to: ".env",
                in: workspace
            )
            let result = try Tool.run("nvme-stage", ["--formats", "zarr"], in: workspace.root)
            #expect(result.status == 1 && result.lines.count == 1)
            for words in [
                "DSLAB_S2L1C_TEMP_ZARR_PATH", ".env, line 2", "${LOCAL_SCRATCH}", "${LOCAL_SCRATCH:-default}",
            ] {
                #expect(result.errors.contains(words), "\(result.errors)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.root) == [".env"])
            // Another tool does not use that value.
            #expect(try Tool.run("s2-status", [], in: workspace.root).status == 0)
        }
    }

    /// The network drive and the disk are there; the bucket's variable is not.
    @Test func theBenchmarkTakesTheStoragesThatAreConfigured() throws {
        try Workspace.with { workspace in
            let archive = try Archive.shared()
            var variables = workspace.variables(safe: archive.safe)
            variables["DSLAB_S2L1C_NETWORK_COGS_PATH"] = archive.path(.cog)
            variables["DSLAB_S2L1C_NETWORK_ZARR_PATH"] = archive.path(.zarr)
            variables["DSLAB_S2L1C_TEMP_ZARR_PATH"] = archive.path(.zarr)
            variables["DSLAB_S2L1C_TEMP_COGS_PATH"] = archive.path(.cog)
            for command in ["verify", "run"] {
                let options = [command, "--formats", "cog", "zarr", "--dry_run", "--tile_id", "35VLH"]
                let two = try Tool.run("patch-bench", options, variables, in: workspace.root)
                #expect(two.status == 0, "\(two.errors)")
                #expect(
                    two.errors.contains("s3 is left out: DSLAB_S2L1C_S3_PROFILE")
                        && !two.errors.contains("temp is left")
                )
                let one = try Tool.run("patch-bench", [command, "--dry_run"], variables, in: workspace.root)
                #expect(one.status == 0 && one.errors.contains("temp is left out: DSLAB_S2L1C_TEMP_SAFE_PATH"))
                let named = try Tool.run("patch-bench", options + ["--storages", "s3"], variables, in: workspace.root)
                #expect(named.status == 1 && named.errors.contains("DSLAB_S2L1C_S3_COGS_BUCKET"))
            }
        }
    }

    @Test(arguments: [
        ["s2-intake"], ["s2-intake-year"], ["s2-synth"], ["safe2cog"], ["safe2zarr"], ["s3-mirror"], ["nvme-stage"],
        ["s2-status"], ["patch-bench", "run"], ["patch-bench", "verify"],
    ])
    func tilesAreNamedInAllSpellings(_ command: [String]) throws {
        for option in ["--tile", "--tile_id", "--tile-id"] {
            let result = try Tool.run(command[0], command.dropFirst() + [option, "35VLH", "--no-such-option"])
            #expect(result.status == 64 && result.errors.contains("no-such-option"), "\(result.errors)")
        }
    }

    /// Keys in a file with the line ends of Windows once went unseen, and requests out without them.
    @Test func requestsWithoutKeysAreAnnounced() throws {
        try Workspace.with { workspace in
            try FileManager.default.createDirectory(atPath: workspace.root + "/.aws", withIntermediateDirectories: true)
            try write("[profile x]\r\nendpoint_url = http://127.0.0.1:9\r\n", to: ".aws/config", in: workspace)
            let keys = "]\r\naws_access_key_id = K\r\naws_secret_access_key = S\r\n"
            let variables = [
                "HOME": workspace.root, "DSLAB_S2L1C_S3_PROFILE": "x",
                "DSLAB_S2L1C_NETWORK_SAFE_PATH": workspace.root + "/absent",
            ]
            for (section, isAnonymous) in [("x", false), ("y", true)] {
                try write("[" + section + keys, to: ".aws/credentials", in: workspace)
                let result = try Tool.run("safe2cog", ["--target", "s3://bucket/cog"], variables)
                #expect(result.status == 1 && result.errors.contains("/absent"))
                #expect(result.errors.contains("S3 profile x has no keys") == isAnonymous, "\(result.errors)")
            }
        }
    }

    @Test(arguments: [["nvme-stage"], ["patch-bench", "run"]])
    func theHelpListsResolutionsWithoutEmptyDescriptions(_ command: [String]) throws {
        let help = try Tool.run(command[0], command.dropFirst() + ["--help"]).output
        #expect(!help.split(separator: "\n").contains { $0.hasSuffix("- ") || $0.hasSuffix("-") })
        #expect(help.contains("10m") && help.contains("--resolution"))
    }

    /// A file of tile-years and settings that were written on Windows.
    @Test func aJobScriptReadsFilesOfOtherEditors() throws {
        try Workspace.with { workspace in
            let archive = try Archive.shared()
            try write("\u{FEFF}# tiles\r\n\r\n35VLH 2024\r\n36VVN 2024", to: "tasks", in: workspace)
            try write(
                [
                    "DSLAB_S2L1C_NETWORK_SAFE_PATH=\(archive.safe)",
                    "DSLAB_S2L1C_NETWORK_COGS_PATH=\"\(workspace.root)\"/cog",
                    "export DSLAB_LOG_FOLDER=${RESULTS_ROOT}/res   # mine", "",
                ].joined(separator: "\r\n"),
                to: ".env",
                in: workspace
            )
            var variables = [
                "DSLAB_HOME": Self.project, "DSLAB_BIN": Tool.folder ?? "", "DSLAB_TASKS": "tasks", "SITE": "local",
                "RESULTS_ROOT": workspace.root,
            ]
            let script = Self.project + "/slurm/convert.sh"
            let result = try Tool.run("/bin/bash", [script, "cog"], variables, in: workspace.root)
            #expect(result.status == 0 && result.output.contains("cog 35VLH 2024 done: 12 finished"), "\(result)")
            let made = try FileManager.default.contentsOfDirectory(atPath: workspace.root).sorted()
            #expect(made == [".env", "cog", "res", "tasks"])
            let outcomes = try FileManager.default.contentsOfDirectory(atPath: workspace.root + "/res/outcomes")
            #expect(outcomes == ["cog-35VLH-2024"])
            variables["SLURM_ARRAY_TASK_ID"] = "2"
            let beyond = try Tool.run("/bin/bash", [script, "cog"], variables, in: workspace.root)
            #expect(beyond.status == 64 && beyond.output.contains("there are only 2 tile-years"))
            try write("35VLH\r\n", to: "tasks", in: workspace)
            let wrong = try Tool.run("/bin/bash", [script, "cog"], variables, in: workspace.root)
            #expect(wrong.status == 64 && wrong.errors.contains("\"TILE YEAR\" is expected"))
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make"), "make is not here"))
    func theReportIsMadeOfTheResultsThatTheSettingsName() throws {
        try Workspace.with { workspace in
            try write("DSLAB_LOG_FOLDER=\"${PLACE}/my results\" # here\n", to: ".env", in: workspace)
            let made = try Tool.run(
                "/usr/bin/make",
                ["-s", "-o", "build", "-f", Self.project + "/Makefile", "report", "BIN=" + (Tool.folder ?? "")],
                ["PLACE": workspace.root],
                in: workspace.root
            )
            #expect(made.status != 0 && made.errors.contains("\(workspace.root)/my results/sentinel2_l1c_"), "\(made)")
        }
    }
}
