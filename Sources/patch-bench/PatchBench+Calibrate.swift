import ArgumentParser
import DatacubeStorage
import ToolCommandLine

extension PatchBench {
    struct Calibrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Simulates runs of which the truth is known, and tells how often the verdicts are wrong.",
            usage: "patch-bench calibrate [options]",
            discussion: """
                The table of docs/benchmark.md. Sources are simulated that are equal, and with one that takes 1.3 times as \
                long, with three kinds of noise; what a run would say of them is compared with what is true.

                \(exitStatusHelp)
                """
        )

        @Option(help: "Simulated runs for each line of the table.") var runs = 2000
        @Option(help: "What the runs are drawn with.") var seed: UInt64 = 42

        @OptionGroup var common: CommonOptions

        func validate() throws { if runs < 1 { throw ValidationError("--runs must be at least 1") } }

        func run() async throws {
            let calibration = Calibration(runs: runs, seed: seed)
            await common.run("patch-bench", settings: { $0.options }) { options, _ in
                if !options.dryRun { print(CalibrationTable(calibration).markdown) }
                return JobOutcome()
            }
        }
    }
}
