import Testing

/// A tool, or a subcommand of one, with the options that scripts may give it.
struct Command: Sendable, CustomTestStringConvertible {
    let words: [String]
    /// Its options and a value for each; flags have none.
    let options: KeyValuePairs<String, String?>
    /// What it must have besides options.
    var operands: [String] = []
    /// The variables that it cannot do without.
    var variables: [String] = []
    /// Defaults that scripts rely on.
    var defaults: [String: String] = [:]

    var testDescription: String { words.joined(separator: " ") }
    var tool: String { words[0] }

    /// What all of them have; docs/configuration.md lists the same.
    static let common: KeyValuePairs<String, String?> = [
        "env_file": "/dev/null", "jobs": "2", "dry_run": nil, "quiet": nil, "verbose": nil, "outcome_file": "/tmp/x",
        "log_format": "json",
    ]

    /// The names of an option, the first one in the reference's spelling.
    static func spellings(_ name: String) -> Set<String> {
        if name == "tile_id" || name == "tile" { return ["--tile", "--tile_id", "--tile-id"] }
        return ["--" + name, "--" + name.replacing("_", with: "-")]
    }

    /// All options with their values, spelled with underscores or with hyphens.
    func arguments(hyphens: Bool) -> [String] {
        (Array(options) + Array(Command.common)).flatMap { name, value in
            ["--" + (hyphens ? name.replacing("_", with: "-") : name)] + (value.map { [$0] } ?? [])
        } + operands
    }

    func run(_ arguments: [String], _ variables: [String: String] = [:]) throws -> ToolResult {
        try Tool.run(tool, words.dropFirst() + arguments, variables)
    }

    private static func places(_ storage: String, _ formats: String..., kind: String = "PATH") -> [String] {
        formats.map { "DSLAB_S2L1C_\(storage)_\($0)_\(kind)" }
    }

    private static let intake: [String: String] = ["tile_id": "35VLH", "connections": "4"]

    static let all = [
        Command(
            words: ["s2-intake"],
            options: [
                "time_start": "2024-02-21T00:00:00Z", "time_end": "2024-02-22T00:00:00Z", "tile_id": "35VLH",
                "connections": "2", "requests_per_minute": "1000", "verify": "size",
            ],
            variables: places("NETWORK", "SAFE"),
            defaults: intake.merging(["time_start": "2024-02-21T00:00:00Z", "time_end": "2024-02-22T00:00:00Z"]) { $1 }
        ),
        Command(
            words: ["s2-intake-year"],
            options: [
                "year_start": "2024", "year_end": "2025", "tile_id": "35VLH", "connections": "2",
                "requests_per_minute": "1000", "verify": "size",
            ],
            variables: places("NETWORK", "SAFE"),
            defaults: intake.merging(["year_start": "2024", "year_end": "2025"]) { $1 }
        ),
        Command(
            words: ["s2-synth"],
            options: [
                "output": "/tmp/x", "tile_id": "35VLH", "year": "2024", "dates": "1", "extent": "60", "seed": "1",
                "baseline": "05.10",
            ],
            variables: places("NETWORK", "SAFE"),
            defaults: ["tile_id": "35VLH", "year": "2024", "extent": "10980", "seed": "42"]
        ),
        Command(
            words: ["safe2cog"],
            options: [
                "tile_id": "35VLH", "year": "2024", "target": "/tmp/x", "compression": "zstd", "level": "1",
                "overviews": nil, "verify": "size",
            ],
            variables: places("NETWORK", "SAFE", "COGS")
        ),
        Command(
            words: ["safe2zarr"],
            options: [
                "tile_id": "35VLH", "year": "2024", "target": "/tmp/x", "layout": "zarr", "chunk_time": "2",
                "chunk_size": "64", "compressor": "lz4", "level": "1", "shuffle": "shuffle",
                "verify": "checksum",
            ],
            variables: places("NETWORK", "SAFE", "ZARR"),
            defaults: ["layout": "zarr", "compressor": "lz4"]
        ),
        Command(
            words: ["s3-mirror"],
            options: [
                "formats": "cog", "direction": "up", "public_read": nil, "delete_extraneous": nil, "max_objects": "1",
                "max_tib": "1", "tile_id": "35VLH", "year": "2024", "verify": "checksum",
            ],
            variables: places("NETWORK", "SAFE", "COGS", "ZARR") + ["DSLAB_S2L1C_S3_PROFILE"]
                + places("S3", "SAFE", "COGS", "ZARR", kind: "BUCKET"),
            defaults: ["formats": "safe, cog, zarr", "direction": "up"]
        ),
        Command(
            words: ["nvme-stage"],
            options: [
                "formats": "cog", "from": "s3", "tile_id": "35VLH", "year": "2024", "resolution": "10m",
                "verify": "size", "deadline": "1", "margin": "1", "record": "staging.json",
            ],
            variables: places("NETWORK", "SAFE", "COGS", "ZARR") + places("TEMP", "SAFE", "COGS", "ZARR"),
            defaults: ["formats": "safe, cog, zarr", "from": "network", "verify": "checksum"]
        ),
        Command(
            words: ["patch-bench", "run"],
            options: [
                "storages": "network", "formats": "cog", "tile": "35VLH", "year": "2024", "resolution": "10m",
                "num_repeats": "1", "seed": "1", "x1": "1", "y1": "1", "x2": "1", "y2": "1", "patch_size": "60",
                "cache": "warm", "workers": "1", "threads": "1", "plan": "/tmp/x", "write_plan": "/tmp/x",
                "paced": nil, "output": "/tmp/x", "safe_index": "both", "time_budget": "60", "precision": "5%",
                "baseline": "network cog", "staging": "/tmp/x", "no_ceilings": nil, "step_ms": "10", "prefetch": "2",
            ],
            variables: places("NETWORK", "SAFE", "COGS", "ZARR"),
            defaults: ["num_repeats": "10", "seed": "42", "patch_size": "5100", "formats": "safe, cog, zarr"]
        ),
        Command(
            words: ["patch-bench", "verify"],
            options: [
                "storages": "network", "formats": "cog", "tile": "35VLH", "year": "2024", "resolution": "10m",
                "files": nil,
            ],
            variables: places("NETWORK", "SAFE", "COGS", "ZARR"),
            defaults: ["formats": "safe, cog, zarr"]
        ),
        Command(
            words: ["patch-bench", "report"],
            options: ["output": "/tmp/x", "published": "/tmp/x"],
            operands: ["/tmp/x.json"]
        ),
        Command(
            words: ["patch-bench", "import"],
            options: ["output": "/tmp/x"],
            operands: ["/tmp/x.json", "/tmp/x.json"]
        ),
        Command(words: ["patch-bench", "compare"], options: [:]),
        Command(words: ["patch-bench", "calibrate"], options: ["runs": "1", "seed": "1"]),
        Command(
            words: ["s2-status"],
            options: [
                "tile_id": "35VLH", "year": "2024", "no_s3": nil, "print_setting": "DSLAB_LOG_FOLDER",
            ]
        ),
    ]
}
