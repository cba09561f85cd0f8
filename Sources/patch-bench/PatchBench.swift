import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct PatchBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patch-bench",
        abstract: "Measures how long random patch time series take to load, from every format on every storage.",
        discussion: """
            EXAMPLES
              patch-bench run --storages network temp --formats safe cog zarr \\
                  --tile 35VLH --year 2024
              patch-bench verify
              patch-bench report results/sentinel2_l1c_2024-06-11_09-50-31.json

            \(exitStatusHelp)
            """,
        version: Version.current,
        subcommands: [Run.self, Verify.self, Report.self, Import.self, Compare.self, Calibrate.self],
        defaultSubcommand: Run.self
    )
}
