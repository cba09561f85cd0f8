import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct S2Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "s2-status",
        abstract: "Tells where each tile-year stands: products found, downloaded, converted, mirrored, failed.",
        usage: "s2-status [options]",
        discussion: """
            Looks at the data themselves: the folders DSLAB_S2L1C_NETWORK_…_PATH and, where DSLAB_S2L1C_S3_PROFILE is \
            set, the buckets DSLAB_S2L1C_S3_…_BUCKET. Reasons of failures come from the files that --outcome_file of \
            the last runs left in DSLAB_LOG_FOLDER/outcomes.

            EXAMPLE
              s2-status --tile_id 35VLH --year 2023 --year 2024

            Scripts ask it for settings, so that .env has one reader: s2-status --print_setting DSLAB_LOG_FOLDER

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @OptionGroup var selection: SelectionOptions
    @Flag(name: bothSpellings("no_s3"), help: "Do not ask the buckets.") var noS3 = false
    @Option(
        name: bothSpellings("print_setting"),
        help: "Print the value of this variable, as all tools understand it, and nothing else."
    )
    var printSetting: String?
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard let printSetting, setting == nil else { return }
        throw ValidationError(
            "--print_setting \(printSetting) is none of \(Variable.all.map(\.name).joined(separator: " "))"
        )
    }

    func run() async throws {
        if let setting {
            await common.run("s2-status", settings: { try $0.configuration.value(setting) }) { value, _ in
                print(value)
                return JobOutcome()
            }
        }
        await common.run("s2-status", settings: settings) { settings, log in
            let statuses = try await StatusJob(settings, log: log).run()
            print(statuses.isEmpty ? Self.nothingFound(settings) : statuses.report)
            return JobOutcome(finished: statuses.count)
        }
    }

    private var setting: Variable? { printSetting.flatMap { name in Variable.all.first { $0.name == name } } }

    private static func nothingFound(_ settings: StatusJob.Settings) -> String {
        let variable = Variable.place(.network, .safe).name
        guard let folder = settings.folders[.safe] else { return "nothing found: \(variable) is not set" }
        return "nothing found: there is no product below \(folder) (\(variable))"
    }

    private func settings(_ context: ToolContext) throws -> StatusJob.Settings {
        let configuration = context.configuration
        let formats = try DataFormat.allCases.filter { try configuration.setting(.place(.network, $0)) != nil }
        let asksS3 = try !noS3 && configuration.setting(.storageProfile) != nil
        let mirrored = try asksS3 ? formats.filter { try configuration.setting(.place(.s3, $0)) != nil } : []
        return StatusJob.Settings(
            folders: Dictionary(
                uniqueKeysWithValues: try formats.map { ($0, try configuration.folder(.network, $0)) }
            ),
            mirrors: try mirrored.map { .init(format: $0, store: try context.storage.bucket($0)) },
            outcomes: try configuration.value(.logFolder) + "/outcomes",
            filter: selection.filter,
            jobs: context.options.jobs
        )
    }
}
