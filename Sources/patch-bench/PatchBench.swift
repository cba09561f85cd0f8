import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct PatchBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patch-bench",
        abstract: "Measures how long random patch time series take to load, from every format on every storage.",
        discussion: """
            EXAMPLES
              patch-bench run --storages network temp --formats safe cog zarr --tile 35VLH --year 2024
              patch-bench verify
              patch-bench report results/sentinel2_l1c_2024-06-11_09-50-31.json

            \(exitStatusHelp)
            """,
        version: Version.current,
        subcommands: [Run.self, Verify.self, Report.self],
        defaultSubcommand: Run.self
    )
}

extension PatchBench {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Loads random patches from every source, compares their values, writes results as JSON.",
            discussion: exitStatusHelp
        )

        @OptionGroup var source: PatchSourceOptions
        @Option(name: bothSpellings("num_repeats"), help: "Rounds that count; one warm-up comes before.")
        var numRepeats = 10
        @Option(help: "What patches and order are drawn with.") var seed: UInt64 = 42
        @OptionGroup var area: PatchAreaOptions
        @Option(name: bothSpellings("patch_size"), help: "Side of a patch in metres, a multiple of 60.")
        var patchSize = 5100
        @Option(help: "Page cache when the clock starts: cold, warm or uncontrolled.")
        var cache: CacheState = .uncontrolled
        @Option(help: "Patches loaded at once.") var workers = 1
        @Option(help: "Threads of each worker (default: --jobs divided among the workers).") var threads: Int?
        @Option(help: "Results file (default: a name with the time in DSLAB_LOG_FOLDER).") var output: String?
        @OptionGroup var common: CommonOptions

        func validate() throws {
            guard numRepeats > 0, workers > 0, threads ?? 1 > 0 else {
                throw ValidationError("--num_repeats, --workers and --threads must be at least 1")
            }
        }

        func run() async throws {
            try await common.run("patch-bench", settings: settings) { settings, log in
                guard let (results, path) = try await BenchmarkJob(settings, log: log).run() else {
                    return JobOutcome()
                }
                print(results.summary.markdown + "\nresults: \(path)")
                return results.outcome
            }
        }

        private func settings(_ context: ToolContext) throws -> BenchmarkJob.Settings {
            BenchmarkJob.Settings(
                selection: try source.selection(context.configuration),
                output: try output.map { .file($0) } ?? .folder(context.configuration.value(.logFolder)),
                patchSize: patchSize,
                repeats: numRepeats,
                seed: seed,
                area: area.area,
                cache: cache,
                workers: workers,
                threads: threads ?? max(1, context.jobs / workers),
                dryRun: context.dryRun,
                progress: context.progress
            )
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Proves that all sources hold the same pixels: every band, date and position.",
            discussion: exitStatusHelp
        )

        @OptionGroup var source: PatchSourceOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            try await common.run("patch-bench", settings: settings) { try await VerificationJob($0, log: $1).run() }
        }

        private func settings(_ context: ToolContext) throws -> VerificationJob.Settings {
            VerificationJob.Settings(
                selection: try source.selection(context.configuration),
                jobs: context.jobs,
                dryRun: context.dryRun,
                progress: context.progress
            )
        }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turns results into an HTML page, Markdown, CSV and SVG.",
            discussion: exitStatusHelp
        )

        @Argument(help: "Results files; each becomes a chapter.") var files: [String]
        @Option(help: "Folder for the report (default: that of the first file).") var output: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let (files, output) = (files, output)
            try await common.run(
                "patch-bench",
                settings: { ReportJob.Settings(files: files, output: output, dryRun: $0.dryRun) }
            ) { settings, log in
                let paths = try ReportJob(settings, log: log).run()
                if let page = paths.first { print("report: \(page)") }
                return JobOutcome(finished: paths.count)
            }
        }
    }
}
