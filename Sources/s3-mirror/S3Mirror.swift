import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct S3Mirror: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "s3-mirror",
        abstract: "Makes S3 buckets hold what the network drive holds, or the other way round.",
        usage: "s3-mirror [options]",
        discussion: """
            The folders are DSLAB_S2L1C_NETWORK_…_PATH, the buckets DSLAB_S2L1C_S3_…_BUCKET of the profile \
            DSLAB_S2L1C_S3_PROFILE; buckets that do not exist are created. What is there with the same content is \
            skipped, so a run that was cut short continues where it stopped. Data come first, what declares them \
            complete last. Objects are counted against the server's limits before anything is uploaded.

            EXAMPLE
              s3-mirror --formats cog zarr --tile_id 35VLH --year 2024 --public_read

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Formats to mirror: \(formatsHelp)"))
    var formats: [DataFormat] = DataFormat.standard
    @Option(help: "Folders to buckets (up) or buckets to folders (down).") var direction: MirrorJob.Direction = .up
    @Flag(name: bothSpellings("public_read"), help: "Let everybody read and list the buckets.") var publicRead = false
    @Flag(name: bothSpellings("delete_extraneous"), help: "Remove what the source lacks, within the selection.")
    var deleteExtraneous = false
    @Option(
        help: "How what is there is compared: by size (names, sizes, entity tags), or by checksum (all bytes of both)."
    )
    var verify: FileVerification = .size
    @Option(
        name: bothSpellings("max_objects"),
        help:
            "Objects that the server takes in a bucket (default: DSLAB_S3_QUOTA_OBJECTS, else \(BucketQuota.allas.objects))."
    )
    var maxObjects: Int?
    @Option(
        name: bothSpellings("max_tib"),
        help:
            "TiB that the server takes in all buckets (default: DSLAB_S3_QUOTA_BYTES, else \(BucketQuota.allas.bytes >> 40))."
    )
    var maxTiB: Int?
    @OptionGroup var selection: SelectionOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if publicRead, direction == .down { throw ValidationError("--public_read goes with --direction up") }
        guard maxObjects ?? 1 > 0, (1...1 << 20).contains(maxTiB ?? 1) else {
            throw ValidationError("--max_objects and --max_tib must be at least 1")
        }
    }

    func run() async throws {
        await common.run("s3-mirror", settings: settings) { try await MirrorJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> MirrorJob.Settings {
        try context.configuration.require([.network, .s3].flatMap { Variable.places($0, formats) })
        let trees = try formats.map { format in
            MirrorJob.Tree(
                format: format,
                folder: try context.configuration.folder(.network, format),
                store: try context.storage.bucket(format)
            )
        }
        return MirrorJob.Settings(
            trees: trees,
            direction: direction,
            filter: selection.filter,
            publicRead: publicRead,
            deleteExtraneous: deleteExtraneous,
            verification: verify,
            quota: try quota(context.configuration),
            options: context.options
        )
    }

    private func quota(_ configuration: Configuration) throws -> BucketQuota {
        let known = try configuration.quota(.s3)
        return BucketQuota(
            objects: maxObjects ?? known.files ?? BucketQuota.allas.objects,
            bytes: maxTiB.map { $0 << 40 } ?? known.bytes ?? BucketQuota.allas.bytes
        )
    }
}
