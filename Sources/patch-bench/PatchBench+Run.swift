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
        @Option(name: bothSpellings("safe_index"), help: "Read SAFE with its index of tile-parts, without, or both.")
        var safeIndex: SAFEIndexChoice = .use
        @OptionGroup var stop: StopOptions
        @Option(help: "What patches and order are drawn with.") var seed: UInt64 = 42
        @OptionGroup var area: PatchAreaOptions
        @Option(name: bothSpellings("patch_size"), help: "Side of a patch in metres, a multiple of 60.")
        var patchSize = 5100
        @Option(help: "Page cache when the clock starts: cold, warm or uncontrolled.")
        var cache: CacheState = .uncontrolled
        @OptionGroup var load: LoadOptions
        @Option(help: "Source that all others are compared with, as \"network zarr\" (default: all pairs).")
        var baseline: String?
        @Option(help: "What nvme-stage --record measured, for when staging pays.") var staging: String?
        @Flag(name: bothSpellings("no_ceilings"), help: "Do not measure what the devices allow in turn with the loads.")
        var noCeilings = false
        @Option(help: "Plan of patches to load; tile, year, size, repeats, seed and workers are the plan's.") var plan:
            String?
        @Option(name: bothSpellings("write_plan"), help: "Write the plan to this file instead of loading patches.")
        var writePlan: String?
        @Flag(help: "Load when a line comes on standard input, answer each with a line of JSON; end when input does.")
        var paced = false
        @Option(help: "Results file (default: a name with the time in DSLAB_LOG_FOLDER).") var output: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            await common.run("patch-bench", settings: settings) { settings, log in
                guard let (results, path) = try await BenchmarkJob(settings, log: log).run() else {
                    return JobOutcome()
                }
                print("\(results.summary.markdown)\n\(results.answer.text)results: \(path)")
                return results.outcome
            }
        }

        private func settings(_ context: ToolContext) throws -> BenchmarkJob.Settings {
            var settings = BenchmarkJob.Settings(
                selection: try source.selection(context, indices: safeIndex),
                output: try output.map { .file($0) } ?? .folder(context.configuration.value(.logFolder)),
                patchSize: patchSize,
                stop: stop.rule,
                seed: seed,
                area: area.area,
                cache: cache,
                workers: load.workers,
                threads: load.threads(context.options.jobs),
                options: context.options
            )
            settings.plan = try plan.map { try PatchPlanFile(file: $0) }
            if load.threads == nil { settings.threads = max(1, context.options.jobs / (settings.workers.max() ?? 1)) }
            settings.planOutput = writePlan
            settings.baseline = baseline
            settings.staging = try staging.map { try CopyRecord(file: $0) }
            settings.quotas = try quotas(context)
            settings.measuresCeilings = !noCeilings && !paced
            settings.consumer = load.consumer
            if paced { pace(&settings) }
            return settings
        }

        private func quotas(_ context: ToolContext) throws -> [Storage: StorageQuota] {
            let known = try Storage.allCases.map { ($0, try context.configuration.quota($0)) }
            return Dictionary(uniqueKeysWithValues: known.filter { $0.1 != StorageQuota() })
        }

        private func pace(_ settings: inout BenchmarkJob.Settings) {
            settings.turn = { readLine() != nil }
            settings.loaded = { round, source, durations in
                print(#"{"round":\#(round),"source":"\#(source)","durations":\#(durations)}"#)
                fflush(nil)
            }
        }
    }
}
