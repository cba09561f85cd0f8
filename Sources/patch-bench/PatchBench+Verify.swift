import ArgumentParser
import DatacubeStorage
import ToolCommandLine

extension PatchBench {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Proves that all sources hold the same data, or that all files are as listed.",
            usage: "patch-bench verify [options]",
            discussion: """
                Compares every band, date and position of all sources, where their pixels lie, what is recorded of each
                date, and which processings they hold; products as delivered are what the others are compared with, and
                without them the first source. With --files it compares every file with the inventories of converted
                data and the manifests of products. A line for each finding names the command that restores it.

                \(exitStatusHelp)
                """
        )

        @OptionGroup var source: PatchSourceOptions
        @Flag(help: "Compare files with inventories and manifests instead of sources with each other.") var files =
            false
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let files = files
            await common.run("patch-bench", settings: settings) { settings, log in
                files
                    ? try await FileCheckJob(settings, log: log).run()
                    : try await VerificationJob(settings, log: log).run()
            }
        }

        private func settings(_ context: ToolContext) throws -> VerificationJob.Settings {
            VerificationJob.Settings(
                selection: try source.selection(context),
                options: context.options
            )
        }
    }
}
