import ArgumentParser
import DatacubeStorage
import ToolCommandLine

extension PatchBench {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes results of what another reader took for the patches of a plan.",
            usage: "patch-bench import <samples> <plan> [options]",
            discussion: """
                The reader's program writes {"reader": "tensorstore 0.1.78", "cache": "warm", "threads": 2, "loads": \
                [{"storage": "temp", "format": "zarr", "round": 1, "seconds": 0.12}, …]}; round 0 is the warm-up. The \
                results have the same statistics as those of patch-bench run, and a report shows them alike.

                \(exitStatusHelp)
                """
        )

        @Argument(help: "What the reader took.") var samples: String
        @Argument(help: "The plan of patches that it loaded.") var plan: String
        @Option(help: "Results file (default: a name with the time in DSLAB_LOG_FOLDER).") var output: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let (samples, plan) = (samples, plan)
            await common.run("patch-bench", settings: destination) { destination, _ in
                let results = try ReaderSamples(file: samples).results(PatchPlanFile(file: plan))
                print(results.answer.text, terminator: "")
                if let destination { print("results: \(try results.write(to: destination))") }
                return JobOutcome(finished: 1)
            }
        }

        /// Where the results go; nowhere in a dry run.
        private func destination(_ context: ToolContext) throws -> ResultsDestination? {
            guard !context.options.dryRun else { return nil }
            return try output.map { .file($0) } ?? .folder(context.configuration.value(.logFolder))
        }
    }
}
