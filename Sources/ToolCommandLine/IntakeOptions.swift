public import ArgumentParser
public import DatacubeStorage

extension Timestamp: ExpressibleByArgument {
    /// Reads `2024-02-21T00:00:00Z`.
    public init?(argument: String) { self.init(iso8601: argument) }

    /// As the help shows a default.
    public var defaultValueDescription: String { "\(description.prefix(19))Z" }
}

/// What both intake tools need to know.
public struct IntakeOptions: ParsableArguments {
    /// MGRS tile.
    @Option(name: tileSpellings("tile_id"), help: "MGRS tile.")
    public var tileID = "35VLH"

    /// Connections to the source.
    @Option(
        help: """
            Connections to S3. The Copernicus Data Space allows an account 4 in all: array tasks at a time x \
            connections must not exceed that.
            """
    )
    public var connections = 4

    /// The pace of requests.
    @Option(
        name: bothSpellings("requests_per_minute"),
        help: """
            The most S3 requests a minute. The Copernicus Data Space allows an account 2000 in all: divide by the \
            number of array tasks at a time.
            """
    )
    public var requestsPerMinute = 2000

    /// How products that are there are looked at.
    @Option(help: "How products that are there are compared with their manifests: size or checksum.")
    public var verify: FileVerification = .size

    /// Creates the options with their defaults.
    public init() {}

    /// Refuses values that make no sense.
    public func validate() throws {
        guard MGRSTile.isName(tileID) else {
            throw ValidationError("--tile_id \(tileID) is not an MGRS tile such as 35VLH")
        }
        guard connections >= 1 else { throw ValidationError("--connections must be at least 1") }
        guard requestsPerMinute >= 1 else { throw ValidationError("--requests_per_minute must be at least 1") }
    }

    /// The job's settings, with catalogue and source as the configuration names them.
    public func settings(_ period: IntakeJob.Period, context: ToolContext) throws -> IntakeJob.Settings {
        IntakeJob.Settings(
            tile: try MGRSTile(tileID),
            period: period,
            catalogue: try context.storage.catalogue(),
            source: try source(context),
            target: try context.configuration.folder(.network, .safe),
            connections: connections,
            verification: verify,
            options: context.options
        )
    }

    /// The source; where the folder for products is missing as well as the keys, both are named at once.
    private func source(_ context: ToolContext) throws -> S3Client {
        let source = Result {
            try context.storage.source(connections: connections, requestsPerMinute: requestsPerMinute)
        }
        do {
            try context.configuration.require([.place(.network, .safe)])
        } catch {
            guard case .failure(let other) = source else { throw error }
            throw PipelineError(.configuration, "\(error.message); \(PipelineError.wrapping(other).message)")
        }
        return try source.get()
    }
}

/// What the variables and the files behind them mean, for the help of both tools.
public let intakeHelp = """
    Reads DSLAB_STAC_URL (default: the Copernicus Data Space), the keys of the profile DSLAB_INTAKE_PROFILE (default: \
    cdse) in ~/.aws, and writes below DSLAB_S2L1C_NETWORK_SAFE_PATH. A product appears under its name when every file \
    was verified against its manifest; one that is there is skipped. Killed and started again, it goes on within the \
    file where it stopped. A tile is worked on by one run at a time.
    """
