/// Where one tile-year stands.
public struct TileYearStatus: Sendable, Equatable {
    /// Tile and year.
    public let tileYear: TileYear
    /// Products that the catalogue named on the days that the intake has finished, or that are there anyway.
    public var found = 0
    /// The formats to convert to, in order.
    public let formats: [DataFormat]
    /// Products on the network drive.
    public var downloaded = 0
    /// Of these, the ones that a later processing of the same data replaces, which are not converted.
    public var superseded = 0
    /// Products that each of the formats has that are converted.
    public var converted: [DataFormat: Int] = [:]
    /// The formats of which files are gone that inventories list, or are of another size.
    public var lost: Set<DataFormat> = []
    /// Files on the network drive, in all formats that have a bucket.
    public var files = 0
    /// Of these, the ones that a bucket has with the same size; nil where no bucket is configured or can be asked.
    public var mirrored: Int?
    /// What failed, with the steps that met it when they were last run.
    public var failures: [Failure] = []

    /// One reason.
    public struct Failure: Sendable, Equatable {
        /// As the steps told it.
        public let reason: String
        /// The steps, in the order of their names.
        public var steps: [String]
    }

    /// Notes what a step told, once however many steps tell it.
    mutating func add(_ reason: String, step: String) {
        if let known = failures.firstIndex(where: { $0.reason == reason }) {
            failures[known].steps.append(step)
        } else {
            failures.append(Failure(reason: reason, steps: [step]))
        }
    }

    /// Products that can be converted, or ought to be.
    public var expected: Int { found - superseded }

    /// What is left to do, in the order in which it is done.
    public var missing: [String] {
        var steps: [String] = []
        if downloaded < found { steps.append("intake") }
        steps += formats.filter { converted[$0] ?? 0 < expected || lost.contains($0) }.map(\.name)
        if let mirrored, mirrored < files { steps.append("mirror") }
        return steps
    }
}

extension [TileYearStatus] {
    /// A table for a terminal or a log, with the failures below it.
    public var report: String {
        let formats = first?.formats ?? []
        let head =
            ["tile", "year", "found", "downloaded", "superseded"] + formats.map(\.name)
            + ["mirrored", "failed", "to do"]
        let rows = map { status in
            [
                status.tileYear.tile, "\(status.tileYear.year)", "\(status.found)", "\(status.downloaded)",
                "\(status.superseded)",
            ] + formats.map { "\(status.converted[$0] ?? 0)" } + [
                status.mirrored.map { "\($0)/\(status.files)" } ?? "-", "\(status.failures.count)",
                status.missing.isEmpty ? "-" : status.missing.joined(separator: " "),
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([head] + rows).map { row -> String in
            let cells = zip(row, widths).map { $0.padded(to: $1) }
            return (cells.dropLast() + [row.last ?? ""]).joined(separator: "  ")
        }
        let failures = flatMap { status in
            status.failures.map { "\(status.tileYear) \($0.steps.joined(separator: ", ")): \($0.reason)" }
        }
        return (lines + (failures.isEmpty ? [] : [""] + failures)).joined(separator: "\n")
    }
}
