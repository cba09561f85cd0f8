import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct S2Intake: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "s2-intake",
        abstract: "Fetches the Sentinel-2 Level-1C products of a tile in a time span from the Copernicus Data Space.",
        usage: "s2-intake [options]",
        discussion: """
            \(intakeHelp)

            EXAMPLE
              s2-intake --tile_id 35VLH \\
                  --time_start 2024-02-21T00:00:00Z --time_end 2024-02-22T00:00:00Z

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @Option(name: bothSpellings("time_start"), help: "Where the time span begins.")
    var timeStart = Timestamp(milliseconds: 1_708_473_600_000)
    @Option(name: bothSpellings("time_end"), help: "Where it ends; this moment is not part of it.")
    var timeEnd = Timestamp(milliseconds: 1_708_560_000_000)
    @OptionGroup var intake: IntakeOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard timeStart < timeEnd else { throw ValidationError("--time_end must lie after --time_start") }
    }

    func run() async throws {
        await common.run("s2-intake", settings: settings) { try await IntakeJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> IntakeJob.Settings {
        try intake.settings(.interval(CatalogueInterval(from: timeStart, until: timeEnd)), context: context)
    }
}
