import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct S2Synth: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "s2-synth",
        abstract: "Makes synthetic Sentinel-2 Level-1C products, for trying the pipeline without an account.",
        usage: "s2-synth [options]",
        discussion: """
            Products follow the product specification: metadata, manifest with checksums, thirteen bands and the true \
            colour image as ESA lays them out in JPEG 2000. The same seed gives the same bytes. Products that are \
            there already are skipped.

            EXAMPLE
              s2-synth --output /scratch/safe --tile_id 35VLH --year 2024 --dates 12 --extent 3660

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @Option(help: "Folder below which products are made (default: DSLAB_S2L1C_NETWORK_SAFE_PATH).") var output: String?
    @Option(name: tileSpellings("tile_id"), help: "MGRS tile; repeatable.") var tileID: [String] = ["35VLH"]
    @Option(help: "Year of the products.") var year = 2024
    @Option(help: "Products of each tile, spread over the year.") var dates = 12
    @Option(help: "Pixels of 10 m along a side, a multiple of 6; real products have 10980.") var extent = 10980
    @Option(help: "What makes one set of pictures differ from another.") var seed: UInt64 = 42
    @Option(help: "Processing baseline that the products claim.") var baseline = "05.10"
    @OptionGroup var common: CommonOptions

    func run() async throws {
        await common.run("s2-synth", settings: settings) { try await SynthesisJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> SynthesisJob.Settings {
        SynthesisJob.Settings(
            output: try output ?? context.configuration.folder(.network, .safe),
            tiles: tileID,
            year: year,
            dates: dates,
            extent: extent,
            seed: seed,
            baseline: baseline,
            options: context.options
        )
    }
}
