/// The commands that bring a place's data to what they should be.
struct FileRestoration: Sendable {
    /// Brings back files that are lost or damaged.
    let command: String
    /// Brings what the place does not have yet.
    let update: String
    private let storage: Storage
    private let format: DataFormat
    private let selection: String

    /// Reads how the cubes there are cut into chunks, where `safe2zarr` has to be told.
    static func find(
        _ place: PatchSelection.Place,
        of tileYear: TileYear,
        on executor: BlockingExecutor
    ) async -> FileRestoration {
        guard place.storage == .network, place.format.origin == .safe2zarr else {
            return FileRestoration(place, of: tileYear)
        }
        let options = try? await executor.run { try place.format.chunkOptions(of: tileYear, in: place.store) }
        return FileRestoration(place, of: tileYear, chunkOptions: options ?? [])
    }

    init(_ place: PatchSelection.Place, of tileYear: TileYear, chunkOptions: [String] = []) {
        (storage, format) = (place.storage, place.format)
        selection = "--tile_id \(tileYear.tile) --year \(tileYear.year)"
        let period = "--tile_id \(tileYear.tile) --year_start \(tileYear.year) --year_end \(tileYear.year + 1)"
        let (tool, what) =
            switch (storage, format.origin) {
            case (.temp, _): (["nvme-stage", "--formats \(format)"], selection)
            case (.s3, _): (["s3-mirror", "--formats \(format)"], selection)
            case (.network, .intake): (["s2-intake-year"], period)
            case (.network, .safe2cog): (["safe2cog"], selection)
            case (.network, .safe2zarr): (["safe2zarr", "--layout \(format)"] + chunkOptions, selection)
            }
        // Staging compares all bytes unless it is told otherwise.
        let verification = storage == .temp ? [] : ["--verify checksum"]
        command = (tool + verification + [what]).joined(separator: " ")
        update = (tool + [what]).joined(separator: " ")
    }

    /// Brings back what cannot be opened, which its owner has to give up first: no converter removes what it cannot look into,
    /// which may hold dates whose products are gone.
    func command(giving unreadable: String) -> String {
        storage == .network ? "rm \(Self.quoted(unreadable)) && \(command)" : command
    }

    /// What takes away a file that nobody lists.
    func removal(of path: String) -> String {
        // What is in an archive goes with the archive.
        if (try? format.cubeLayout().isOneObject) == true { return command }
        if storage == .s3 { return "s3-mirror --delete_extraneous --formats \(format) \(selection)" }
        return "rm \(Self.quoted(path))"
    }

    private static func quoted(_ path: String) -> String { "'\(path.replacing("'", with: "'\\''"))'" }
}
