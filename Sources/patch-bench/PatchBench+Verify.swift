import ArgumentParser
import DatacubeStorage
import ToolCommandLine

extension PatchBench {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Proves that all sources hold the same pixels: every band, date and position.",
            usage: "patch-bench verify [options]",
            discussion: exitStatusHelp
        )

        @OptionGroup var source: PatchSourceOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            await common.run("patch-bench", settings: settings) { try await VerificationJob($0, log: $1).run() }
        }

        private func settings(_ context: ToolContext) throws -> VerificationJob.Settings {
            VerificationJob.Settings(
                selection: try source.selection(context),
                options: context.options
            )
        }
    }
}
