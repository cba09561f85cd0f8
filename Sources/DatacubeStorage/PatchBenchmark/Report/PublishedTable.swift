import FoundationEssentials

/// Figures that others published, to stand beside ours and never among them: their machine, their reader.
public struct PublishedTable: Codable, Sendable {
    /// What the standard errors in the table are.
    public enum ErrorRule: String, Codable, Sendable {
        /// Standard deviation divided by n, which is too small by the root of n.
        case dividedByCount = "std / n"
        /// As it should be.
        case dividedByRoot = "std / sqrt(n)"
    }

    /// One figure.
    public struct Row: Codable, Sendable {
        /// Machine and storage in the publisher's words.
        public var place: String
        /// Which of our storages it resembles.
        public var storage: String
        /// Format, as we call it.
        public var format: String
        /// What else tells it apart, such as the chunks of the Zarr.
        public var variant: String?
        /// Arithmetic mean of seconds a patch.
        public var meanSeconds: Double
        /// Its standard error, as published.
        public var standardError: Double?
        /// Loads.
        public var n: Int?

        enum CodingKeys: String, CodingKey {
            case place, storage, format, variant, n
            case meanSeconds = "mean_seconds"
            case standardError = "standard_error"
        }
    }

    /// Who published it.
    public var publisher: String
    /// Where it stands.
    public var source: String
    /// Version and date of what was read.
    public var snapshot: String
    /// What was measured.
    public var what: String
    /// How their standard errors were made; nil where there are none.
    public var standardErrors: ErrorRule?
    /// The figures.
    public var rows: [Row]

    enum CodingKeys: String, CodingKey {
        case publisher, source, snapshot, what, rows
        case standardErrors = "standard_errors"
    }

    /// The standard error of a row as it should be; nil where it was not published, or cannot be corrected.
    public func standardError(of row: Row) -> Double? {
        guard let error = row.standardError, let rule = standardErrors else { return nil }
        switch rule {
        case .dividedByRoot: return error
        case .dividedByCount: return row.n.flatMap { $0 > 0 ? error * Double($0).squareRoot() : nil }
        }
    }
}

extension PublishedTable {
    /// Reads a table.
    ///
    /// - Throws: ``PipelineError`` naming the file when it is none.
    public init(file path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw PipelineError(
                .corrupt,
                "\(path) is not a table of published figures; docs/benchmark.md says what stands in one",
                cause: String(describing: error)
            )
        }
        guard rows.allSatisfy({ $0.meanSeconds > 0 && $0.meanSeconds.isFinite }) else {
            throw PipelineError(.corrupt, "\(path) has a time that is none; mean_seconds are seconds above 0")
        }
    }
}
