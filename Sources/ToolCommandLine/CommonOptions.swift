public import ArgumentParser
public import DatacubeStorage

/// Names an option as the reference does, with the hyphenated spelling as an alias.
public func bothSpellings(_ name: String) -> NameSpecification {
    name.contains("_") ? [.customLong(name), .customLong(name.replacing("_", with: "-"))] : [.customLong(name)]
}

/// The names of the option for tiles: the tool's own, and the one that other tools have, so that both work everywhere.
public func tileSpellings(_ name: String) -> NameSpecification {
    let names = ["tile_id", "tile-id", "tile"]
    return NameSpecification(([name] + names.filter { $0 != name }).map { .customLong($0) })
}

/// The options that every tool has.
public struct CommonOptions: ParsableArguments {
    /// The file that stands in for `.env`.
    @Option(name: bothSpellings("env_file"), help: "Settings file (default: .env in the working directory, if any).")
    public var envFile: String?

    /// Worker threads.
    @Option(help: "Worker threads (default: the CPUs that Slurm or the affinity mask grants).")
    public var jobs: Int?

    /// Only say what would be done.
    @Flag(name: bothSpellings("dry_run"), help: "Say what would be done, and do nothing.")
    public var dryRun = false

    /// Only warnings and errors.
    @Flag(help: "Only warnings and errors on standard error.")
    public var quiet = false

    /// Settings and details too.
    @Flag(help: "Resolved settings and details on standard error.")
    public var verbose = false

    /// Where to tell scripts how the run ended.
    @Option(
        name: bothSpellings("outcome_file"),
        help: "Write there how the run ended: a line of counts, then a line for each failure."
    )
    public var outcomeFile: String?

    /// How log lines look.
    @Option(name: bothSpellings("log_format"), help: "Log lines as text or json.")
    public var logFormat: LogFormat = .text

    /// Creates the options with their defaults.
    public init() {}

    /// Refuses values that make no sense.
    public func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    }
}

/// Which tiles and years to work on.
public struct SelectionOptions: ParsableArguments {
    /// MGRS tiles.
    @Option(name: tileSpellings("tile_id"), help: "Only this MGRS tile, e.g. 35VLH; repeatable.")
    public var tileID: [String] = []

    /// UTC years.
    @Option(help: "Only this year; repeatable.")
    public var year: [Int] = []

    /// Creates the options with their defaults.
    public init() {}

    /// Refuses what is no tile.
    public func validate() throws {
        for tile in tileID where !MGRSTile.isName(tile) {
            throw ValidationError("--tile_id \(tile) is not an MGRS tile such as 35VLH")
        }
    }

    /// The filter that the jobs take.
    public var filter: TileYearFilter { .init(tiles: tileID, years: year) }
}

/// The text that closes each tool's help.
public let exitStatusHelp = """
    EXIT STATUS
      0        done
      1        failed
      3        finished, some products failed (each is named)
      64       wrong usage
      75       try again later (no space, source unavailable)
      130/143  interrupted; what was finished is kept

    Settings come from options, then the environment, then .env; docs/configuration.md lists the variables.
    """
