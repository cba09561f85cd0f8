import ArgumentParser
import DatacubeStorage
import ToolCommandLine

@main
struct NVMeStage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nvme-stage",
        abstract: "Copies SAFE, COG and Zarr data from the network drive or S3 to the compute node's own disk.",
        usage: "nvme-stage [options]",
        discussion: """
            Reads DSLAB_S2L1C_NETWORK_…_PATH, or with --from s3 the buckets DSLAB_S2L1C_S3_…_BUCKET of the profile \
            DSLAB_S2L1C_S3_PROFILE; writes DSLAB_S2L1C_TEMP_…_PATH. Files that are there with the same size and \
            modification time are skipped, so a run that was cut short continues where it stopped. Free space is \
            checked before anything is copied. Tile-years come in the order given, and within one the formats and \
            resolutions; with --deadline, by default two minutes before a Slurm job's end where Slurm tells it, \
            staging stops in time with status 75. Of several runs with one target, one copies and the others wait.

            EXAMPLE
              nvme-stage --formats zarr --tile_id 35VLH --year 2024 --resolution 10m

            \(exitStatusHelp)
            """,
        version: Version.current
    )

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Formats to stage: \(formatsHelp)"))
    var formats: [DataFormat] = DataFormat.standard
    @Option(help: "Where to copy from.") var from: Source = .network
    @OptionGroup var selection: SelectionOptions
    @Option(parsing: .upToNextOption, help: "Only these resolutions: 10m 20m 60m (default: all).")
    var resolution: [Resolution] = []
    @Option(help: "How copies are checked.") var verify: FileVerification = .checksum
    @Option(help: "When the job ends, in seconds since 1970 (default: SLURM_JOB_END_TIME).") var deadline: Double?
    @Option(help: "Seconds before the deadline at which copying has stopped.") var margin = 120.0
    @Option(help: "Copy one format after the other, and write there what each copy took, for patch-bench --staging.")
    var record: String?
    @OptionGroup var common: CommonOptions

    enum Source: String, ExpressibleByArgument, CaseIterable { case network, s3 }

    func run() async throws {
        await common.run("nvme-stage", settings: settings) { try await StagingJob($0, log: $1).run() }
    }

    private func settings(_ context: ToolContext) throws -> StagingJob.Settings {
        let source: Storage = from == .s3 ? .s3 : .network
        try context.configuration.require([source, .temp].flatMap { Variable.places($0, formats) })
        let trees = try formats.map { format in
            StagingJob.Tree(
                format: format,
                source: from == .s3
                    ? .bucket(try context.storage.bucket(format))
                    : .folder(try context.configuration.folder(.network, format)),
                target: try context.configuration.folder(.temp, format)
            )
        }
        return StagingJob.Settings(
            trees: trees,
            filter: selection.filter,
            resolutions: Set(resolution),
            verification: verify,
            deadline: (deadline ?? context.jobEnd).map { $0 - margin },
            record: record,
            options: context.options
        )
    }
}
