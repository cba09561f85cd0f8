import ArgumentParser
import DatacubeStorage
import Glibc
import ToolCommandLine

extension PatchBench {
    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Loads random patches from every source, compares their values, writes results as JSON.",
            usage: "patch-bench run [options]",
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
        @Option(help: "Plan of patches to load; tile, year, size, repeats, seed and workers are the plan's.") var plan:
            String?
        @Option(name: bothSpellings("write_plan"), help: "Write the plan to this file instead of loading patches.")
        var writePlan: String?
        @Flag(help: "Load when a line comes on standard input, answer each with a line of JSON; end when input does.")
        var paced = false
        @Option(help: "Results file (default: a name with the time in DSLAB_LOG_FOLDER).") var output: String?
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if min(numRepeats, workers, threads ?? 1) < 1 {
                throw ValidationError("--num_repeats, --workers and --threads must be at least 1")
            }
        }

        func run() async throws {
            await common.run("patch-bench", settings: settings) { settings, log in
                guard let (results, path) = try await BenchmarkJob(settings, log: log).run() else {
                    return JobOutcome()
                }
                print(results.summary.markdown + "\nresults: \(path)")
                return results.outcome
            }
        }

        private func settings(_ context: ToolContext) throws -> BenchmarkJob.Settings {
            let plan = try plan.map { try PatchPlanFile(file: $0) }
            let workers = plan?.rounds.first?.patches.count ?? workers
            var settings = BenchmarkJob.Settings(
                selection: try source.selection(context),
                output: try output.map { .file($0) } ?? .folder(context.configuration.value(.logFolder)),
                patchSize: patchSize,
                repeats: numRepeats,
                seed: seed,
                area: area.area,
                cache: cache,
                workers: workers,
                threads: threads ?? max(1, context.options.jobs / workers),
                options: context.options
            )
            settings.plan = plan
            settings.planOutput = writePlan
            if paced {
                settings.turn = { readLine() != nil }
                settings.loaded = { round, source, durations in
                    print(#"{"round":\#(round),"source":"\#(source)","durations":\#(durations)}"#)
                    fflush(nil)
                }
            }
            return settings
        }
    }
}
