import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct Safe2COG: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "safe2cog",
        abstract: "Converts SAFE products on the network drive into cloud-optimised GeoTIFFs.",
        usage: "safe2cog [options]",
        discussion: """
            Reads DSLAB_S2L1C_NETWORK_SAFE_PATH, writes DSLAB_S2L1C_NETWORK_COGS_PATH: one file for each product and \
            resolution, bands stacked, 512-pixel tiles, predictor 2. Products that are there already are skipped.

            EXAMPLE
              safe2cog --tile_id 35VLH --year 2024

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @OptionGroup var selection: SelectionOptions
    @Option(help: "Folder or s3://bucket/prefix to write to (default: DSLAB_S2L1C_NETWORK_COGS_PATH).") var target:
        String?
    @Option(help: "Compression of the tiles.") var compression: COGWriter.Compression = .zstd
    @Option(help: "Compression level (default: 3 for zstd, 6 for deflate).") var level: Int?
    @Flag(help: "Add reduced images (overviews).") var overviews = false
    @Option(help: "How files that are there are compared with their inventories: size or checksum.")
    var verify: FileVerification = .size
    @OptionGroup var common: CommonOptions

    func validate() throws {
        let levels = compression == .zstd ? 1...22 : 1...12
        if let level, !levels.contains(level) {
            throw ValidationError("--level \(level) is not within \(levels) for \(compression.rawValue)")
        }
    }

    func run() async throws {
        await common.run("safe2cog", settings: settings) { try await COGConversionJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> COGConversionJob.Settings {
        try context.configuration.require(Variable.places(.network, target == nil ? [.safe, .cog] : [.safe]))
        return COGConversionJob.Settings(
            source: try context.configuration.folder(.network, .safe),
            target: try context.storage.store(at: target ?? context.configuration.folder(.network, .cog)),
            workFolder: context.workFolder,
            filter: selection.filter,
            writer: COGWriter(
                compression: compression,
                level: level,
                hasOverviews: overviews,
                threads: context.options.jobs
            ),
            verification: verify,
            options: context.options
        )
    }
}
