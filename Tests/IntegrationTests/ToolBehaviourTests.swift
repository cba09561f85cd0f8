import Foundation
import Testing

/// What scripts rely on: exit statuses, and results and logs on their own streams.
@Suite(.serialized, .enabled(if: Tool.folder != nil, "run scripts/test-integration"))
struct ToolBehaviourTests {
    @Test(arguments: [
        ["s2-synth", "--dates", "twelve"], ["s2-synth", "surplus"], ["safe2cog", "--nonsense"],
        ["safe2cog", "--level", "99"], ["safe2cog", "--tile_id", "nowhere"], ["safe2zarr", "--jobs", "0"],
        ["safe2zarr", "--chunk_size", "7"], ["safe2zarr", "--compressor", "rar"], ["nvme-stage", "--formats", "tiff"],
        ["nvme-stage", "--resolution", "30m"], ["s3-mirror", "--direction", "sideways"],
    ])
    func wrongUsageIsStatus64(_ command: [String]) throws {
        let result = try Tool.run(command[0], Array(command.dropFirst()))
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("Error: ") && result.errors.contains(command[1]))
    }

    @Test func aSettingsFileThatIsNotThereIsNamed() throws {
        let result = try Tool.run("safe2cog", ["--env-file", "/nowhere/.env"])
        #expect(result.status == 1 && result.lines.count == 1 && result.errors.contains("/nowhere/.env"))
    }

    /// The file of the working directory, with a variable that only the node knows.
    @Test func settingsComeFromTheFile() throws {
        try Workspace.with { workspace in
            try Data(
                """
                # the network drive
                DSLAB_S2L1C_NETWORK_SAFE_PATH="${SCRATCH}/safe"
                export DSLAB_S2L1C_NETWORK_COGS_PATH=${NOT_SET:-\(workspace.root)}/cog

                """.utf8
            ).write(to: URL(filePath: workspace.root + "/.env"))
            let result = try Tool.run(
                "safe2cog",
                ["--dry-run", "--verbose"],
                ["SCRATCH": Archive.shared().root],
                in: workspace.root
            )
            #expect(result.status == 0)
            #expect(result.errors.contains("35VLH/2024: 12 of 12 products to convert"))
            #expect(result.errors.contains("DSLAB_S2L1C_NETWORK_COGS_PATH=\(workspace.root)/cog (.env)"))
        }
    }

    /// GDAL is loaded when it is first used; a tool that needs it says so before it works for hours.
    @Test(arguments: ["s2-synth", "safe2cog", "safe2zarr", "nvme-stage"])
    func onlyToolsThatCallGDALNeedIt(_ tool: String) throws {
        try Workspace.with { workspace in
            for name in ["libgdal.so"] + (26..<100).map({ "libgdal.so.\($0)" }) {
                try Data().write(to: URL(filePath: "\(workspace.root)/\(name)"))
            }
            let job = Job(rawValue: tool)
            var variables = try workspace.variables(for: job ?? .safe2cog)
            if job == nil { variables["DSLAB_S2L1C_NETWORK_SAFE_PATH"] = workspace.root + "/safe" }
            variables["LD_LIBRARY_PATH"] = workspace.root
            let result = try Tool.run(tool, job?.arguments ?? [], variables)
            guard job != .stage else { return #expect(result.status == 0, "\(result.errors)") }
            #expect(result.status == 1 && result.lines.count == 1, "\(result.errors)")
            #expect(result.errors.contains("GDAL cannot be loaded; install"))
        }
    }

    @Test(arguments: Job.allCases)
    func aDryRunLeavesNothing(_ job: Job) throws {
        try Workspace.with { workspace in
            let result = try Tool.run(job.rawValue, job.arguments + ["--dry_run"], workspace.variables(for: job))
            #expect(result.status == 0 && result.output.isEmpty && result.errors.contains(" to "))
            #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.root) == [])
        }
    }

    @Test(arguments: Job.allCases)
    func doneIsStatus0AndASecondRunSaysThatNothingIsToDo(_ job: Job) throws {
        try Workspace.with { workspace in
            let first = try workspace.run(job)
            #expect(first.status == 0 && first.output.isEmpty, "\(first.errors)")
            #expect(try workspace.differences(job) == [])
            let second = try workspace.run(job)
            #expect(second.status == 0 && second.errors.contains("nothing to do"))
            let quiet = try Tool.run(job.rawValue, job.arguments + ["--quiet"], workspace.variables(for: job))
            #expect(quiet.status == 0 && quiet.errors.isEmpty && quiet.output.isEmpty)
        }
    }

    @Test(arguments: [Job.safe2cog, .safe2zarr])
    func someProductsFailedIsStatus3(_ job: Job) throws {
        try Workspace.with { workspace in
            try linkProducts(to: workspace, dropping: "B05")
            let variables = workspace.variables(safe: workspace.root + "/safe")
            let result = try Tool.run(job.rawValue, ["--log-format", "json"], variables)
            #expect(result.status == 3 && result.output.isEmpty)
            let lines = try result.lines.map {
                try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: String])
            }
            let errors = lines.filter { $0["level"] == "error" }.compactMap { $0["message"] }
            #expect(errors.count == 2)
            #expect(errors.first?.contains("lacks B05") == true && errors.first?.contains("_T35VLH_") == true)
            #expect(errors.last == "partly done: 11 finished, 0 skipped, 1 failed")
        }
    }

    @Test(arguments: [Job.safe2cog, .safe2zarr])
    func nothingUsefulIsStatus1(_ job: Job) throws {
        try Workspace.with { workspace in
            let result = try Tool.run(job.rawValue, [], workspace.variables(safe: workspace.root + "/absent"))
            #expect(result.status == 1 && result.lines.count == 1 && result.errors.contains("/absent"))
        }
    }

    /// As another user, for root may read everything.
    @Test(
        .enabled(if: getuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"), "needs root"),
        arguments: [Job.safe2cog, .safe2zarr]
    )
    func aFolderThatMayNotBeReadCostsItsProductsOnly(_ job: Job) throws {
        try Workspace.with { workspace in
            try linkProducts(to: workspace)
            let months = workspace.root + "/safe/Sentinel-2/MSI/L1C/2024"
            let closed = try #require(FileManager.default.contentsOfDirectory(atPath: months).min())
            chmod("\(months)/\(closed)", 0)
            for output in Archive.Output.allCases { mkdir(workspace.path(output), 0o777) }
            for output in Archive.Output.allCases { chmod(workspace.path(output), 0o777) }
            let user = [
                "--reuid", "65534", "--regid", "65534", "--clear-groups", "\(Tool.folder ?? "")/\(job.rawValue)",
            ]
            let result = try Tool.run(
                "/usr/bin/setpriv",
                user,
                workspace.variables(safe: workspace.root + "/safe"),
                in: workspace.root
            )
            #expect(result.status == 3)
            let errors = result.lines.filter { $0.contains(" error ") }
            #expect(errors.first?.contains("cannot list \(months)/\(closed): permission denied") == true)
            #expect(errors.count == 2)
        }
    }

    /// Hard links to all products, one of them without a band.
    private func linkProducts(to workspace: Workspace, dropping band: String? = nil) throws {
        let archive = try Archive.shared()
        let copied = try Tool.run("/bin/cp", ["-al", archive.safe, workspace.root + "/safe"])
        #expect(copied.status == 0)
        guard let band else { return }
        let files = FileManager.default.enumerator(atPath: workspace.root + "/safe")?.compactMap { $0 as? String } ?? []
        let file = try #require(files.first { $0.hasSuffix("_\(band).jp2") })
        try FileManager.default.removeItem(atPath: "\(workspace.root)/safe/\(file)")
    }
}
