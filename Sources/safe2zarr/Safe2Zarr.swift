import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct Safe2Zarr: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "safe2zarr",
        abstract: "Converts SAFE products on the network drive into Zarr v3 datacubes.",
        usage: "safe2zarr [options]",
        discussion: """
            Reads DSLAB_S2L1C_NETWORK_SAFE_PATH, writes DSLAB_S2L1C_NETWORK_ZARR_PATH: one group for each tile, year and \
            resolution, its array `data` (time, band, y, x) with DN unchanged. Later products are added; a run that was \
            cut short continues with the ten dates where it stopped.

            EXAMPLE
              safe2zarr --tile_id 35VLH --year 2024

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @OptionGroup var selection: SelectionOptions
    @Option(help: "Folder or s3://bucket/prefix to write to (default: the layout's DSLAB_S2L1C_NETWORK_..._PATH).")
    var target: String?
    @Option(help: ArgumentHelp(DataFormat.cubes.map { "\($0): \($0.summary)" }.joined(separator: "; ") + "."))
    var layout = Layout(format: .zarr)
    @Option(name: bothSpellings("chunk_time"), help: "Dates a chunk.") var chunkTime = 10
    @Option(
        name: bothSpellings("chunk_size"),
        help: "Rows and columns a chunk (default: the layout's, 64 for shardzarr and 512 for others)."
    )
    var chunkSize: Int?
    @Option(help: "Blosc's compressor: lz4, lz4hc, zstd, zlib or blosclz.") var compressor: Compressor = .lz4
    @Option(help: "Blosc's compression level, 0 to 9.") var level = 5
    @Option(help: "How Blosc rearranges bits or bytes first: bitshuffle, shuffle or noshuffle.")
    var shuffle: BloscShuffle = .bitshuffle
    @Option(help: "How files that are there are compared with their inventories: size or checksum.")
    var verify: FileVerification = .size
    @OptionGroup var common: CommonOptions

    /// One of the formats of datacubes.
    struct Layout: ExpressibleByArgument {
        let format: DataFormat

        init(format: DataFormat) { self.format = format }

        init?(argument: String) {
            guard let format = DataFormat.cubes.first(where: { $0.name == argument }) else { return nil }
            self.format = format
        }

        var defaultValueDescription: String { format.name }
        static let allValueStrings = DataFormat.cubes.map(\.name)
    }

    enum Compressor: String, ExpressibleByArgument, CaseIterable { case lz4, lz4hc, zstd, zlib, blosclz }

    func validate() throws {
        guard (1...1000).contains(chunkTime) else { throw ValidationError("--chunk_time is not within 1...1000") }
        guard (16...8192).contains(chunkSize ?? 512) else {
            throw ValidationError("--chunk_size is not within 16...8192")
        }
        guard (0...9).contains(level) else { throw ValidationError("--level is not within 0...9") }
    }

    func run() async throws {
        await common.run("safe2zarr", settings: settings) { try await ZarrConversionJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> ZarrConversionJob.Settings {
        try context.configuration.require(Variable.places(.network, target == nil ? [.safe, layout.format] : [.safe]))
        return ZarrConversionJob.Settings(
            source: try context.configuration.folder(.network, .safe),
            target: try context.storage.store(at: target ?? context.configuration.folder(.network, layout.format)),
            filter: selection.filter,
            format: layout.format,
            chunking: try chunking(),
            verification: verify,
            options: context.options
        )
    }

    private func chunking() throws -> CubeSchema.Chunking {
        let blosc = CodecDescription.blosc(compressor.rawValue, level: level, shuffle: shuffle, typeSize: 2)
        return try layout.format.chunking(dates: chunkTime, pixels: chunkSize, codecs: [.bytes, blosc])
    }
}
