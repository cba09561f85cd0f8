import ArgumentParser
import DatacubeStorage
import ToolCommandLine

extension PatchBench {
    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turns results into an HTML page, Markdown, CSV and SVG.",
            usage: "patch-bench report <files> ... [options]",
            discussion: exitStatusHelp
        )

        @Argument(help: "Results files; each becomes a chapter.") var files: [String]
        @Option(help: "Folder for the report (default: that of the first file).") var output: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            await common.run("patch-bench", settings: settings) { settings, log in
                let paths = try ReportJob(settings, log: log).run()
                if let page = paths.first, !settings.options.dryRun { print("report: \(page)") }
                return JobOutcome(finished: paths.count)
            }
        }

        private func settings(_ context: ToolContext) -> ReportJob.Settings {
            ReportJob.Settings(files: files, output: output, options: context.options)
        }
    }
}
