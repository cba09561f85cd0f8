import ArgumentParser
import DatacubeStorage
import ToolCommandLine

extension PatchBench {
    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turns results into an HTML page, Markdown, CSV, JSON and SVG.",
            usage: "patch-bench report <files> ... [options]",
            discussion: """
                Two files are compared with one another as well.

                \(exitStatusHelp)
                """
        )

        @Argument(help: "Results files; each becomes a chapter.") var files: [String]
        @Option(help: "Folder for the report (default: that of the first file).") var output: String?
        @Option(help: "Table of figures that others published, to stand beside these.") var published: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            await common.run("patch-bench", settings: settings) { settings, log in
                let paths = try ReportJob(settings, log: log).run()
                if let page = paths.first, !settings.options.dryRun { print("report: \(page)") }
                for file in settings.files {
                    print("\(file)\n\(try BenchmarkResults(file: file).answer.text)", terminator: "")
                }
                return JobOutcome(finished: settings.files.count)
            }
        }

        private func settings(_ context: ToolContext) -> ReportJob.Settings {
            ReportJob.Settings(files: files, output: output, published: published, options: context.options)
        }
    }
}
