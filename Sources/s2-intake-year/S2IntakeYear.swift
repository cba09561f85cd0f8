import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct S2IntakeYear: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "s2-intake-year",
        abstract: "Fetches the Sentinel-2 Level-1C products of a tile in whole years, day by day.",
        usage: "s2-intake-year [options]",
        discussion: """
            \(intakeHelp)

            Days whose products are all there are not asked for again, unless they were asked within ten days after \
            their end: products may come late.

            EXAMPLE
              s2-intake-year --year_start 2024 --year_end 2025 --tile_id 35VLH

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @Option(name: bothSpellings("year_start"), help: "The first year.")
    var yearStart = 2024
    @Option(name: bothSpellings("year_end"), help: "The first year after these; it is not fetched.")
    var yearEnd = 2025
    @OptionGroup var intake: IntakeOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard yearStart >= 2015 else {
            throw ValidationError("--year_start must be 2015, the first of Sentinel-2, or later")
        }
        guard yearStart < yearEnd, yearEnd <= 2100 else {
            throw ValidationError("--year_end must be later than --year_start")
        }
    }

    func run() async throws {
        await common.run("s2-intake-year", settings: settings) { try await IntakeJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> IntakeJob.Settings {
        try intake.settings(.years(yearStart..<yearEnd), context: context)
    }
}
