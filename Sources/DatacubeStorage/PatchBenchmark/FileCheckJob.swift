public import Logging

/// Compares every file of tile-years with what lists it: the inventories of converted data, the manifests of products.
public struct FileCheckJob: Sendable {
    private let settings: VerificationJob.Settings
    private let log: Logger
    private let executor: BlockingExecutor

    // Hashes of several files side by side cost little more than one, and the threads wait for the disk besides.
    private static let threadsPerProcessor = 8

    /// Creates a job.
    public init(_ settings: VerificationJob.Settings, log: Logger) {
        self.settings = settings
        self.log = log
        executor = BlockingExecutor(width: settings.options.jobs * Self.threadsPerProcessor)
    }

    /// Reads all files of the selection.
    ///
    /// - Returns: units that are whole, and a failure for each file that is missing, changed or not listed, with the command
    ///   that restores it.
    /// - Throws: ``PipelineError`` when a place has nothing of the tile-year.
    public func run() async throws -> JobOutcome {
        try await endingCallsOnCancellation(settings.selection.places.map(\.store)) { try await checkAll() }
    }

    private func checkAll() async throws -> JobOutcome {
        var outcome = JobOutcome()
        for place in settings.selection.places {
            for tileYear in try await tileYears(of: place) {
                let reports = try await reports(on: tileYear, at: place)
                guard !reports.isEmpty else {
                    throw PipelineError(.notFound, "\(place.store) has nothing of \(tileYear)")
                }
                let restoration = await FileRestoration.find(place, of: tileYear, on: executor)
                add(reports, tileYear: tileYear, place: place, restoration: restoration, to: &outcome)
            }
        }
        return outcome
    }

    private func reports(on tileYear: TileYear, at place: PatchSelection.Place) async throws -> [UnitReport] {
        let progress = Progress(
            "files of \(place.storage.rawValue) \(place.format) \(tileYear)",
            total: 0,
            unit: .bytes,
            style: settings.options.progress,
            log: log
        )
        defer { progress.finish() }
        let data = StoredTileYear(tileYear, in: place.store, resolutions: settings.selection.resolutions)
        return try await place.format.layout.reports(
            by: UnitInspection(of: data, by: .checksum, on: executor) { bytes in
                progress.expect(bytes)
                progress.advance(by: bytes)
            }
        )
    }

    private func tileYears(of place: PatchSelection.Place) async throws -> [TileYear] {
        let selection = settings.selection
        if let tile = selection.tile, let year = selection.year { return [TileYear(tile: tile, year: year)] }
        let found = try await executor.run { try place.format.layout.tileYears(in: place.store) }.filter {
            (selection.tile ?? $0.tile) == $0.tile && (selection.year ?? $0.year) == $0.year
        }
        guard !found.isEmpty else {
            throw PipelineError(.notFound, "\(place.store) has no \(place.format) data of the tile and year asked for")
        }
        return found.sorted()
    }

    private func add(
        _ reports: [UnitReport],
        tileYear: TileYear,
        place: PatchSelection.Place,
        restoration: FileRestoration,
        to outcome: inout JobOutcome
    ) {
        for report in reports {
            for (names, what) in [(report.missing, "is missing"), (report.changed, "is not as listed")] {
                for name in names {
                    outcome.failures.append(
                        "mismatch: \(report.unit)/\(name) \(what); restore it with: \(restoration.command)"
                    )
                }
            }
            for name in report.extra {
                let path = "\(report.unit)/\(name)"
                // Of what may be the unit's it may be the list that is damaged.
                let remedy =
                    place.format.layout.mayHave(name)
                    ? "restore it with: \(restoration.command)" : "remove it with: \(restoration.removal(of: path))"
                outcome.failures.append("mismatch: \(path) is not listed; \(remedy)")
            }
            if let reason = report.reason {
                let command = report.isUnreadable ? restoration.command(giving: report.unit) : restoration.command
                outcome.failures.append("mismatch: \(report.unit): \(reason); restore it with: \(command)")
            }
            if report.isWhole { outcome.finished += 1 }
        }
        let whole = reports.count(where: \.isWhole)
        log.info(
            "\(place.storage.rawValue) \(place.format) \(tileYear): \(whole) of \(reports.count) units are as listed"
        )
    }
}
