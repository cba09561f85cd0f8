import FoundationEssentials

/// Where a run's results go.
public enum ResultsDestination: Sendable {
    /// A file of this path.
    case file(String)
    /// A file in this folder, named after the time of the run.
    case folder(String)
}

extension BenchmarkResults {
    /// `sentinel2_l1c_2024-06-11_09-50-31.json`, after the time of the run.
    public var fileName: String {
        let stamp = created.prefix(19).replacing(":", with: "-").replacing("T", with: "_")
        return "sentinel2_l1c_\(stamp).json"
    }

    /// Writes the results as JSON; the file appears whole.
    ///
    /// - Returns: its path.
    public func write(to destination: ResultsDestination) throws -> String {
        let path =
            switch destination {
            case .file(let path): path
            case .folder(let folder): FileSystem.join(folder, fileName)
            }
        try FileSystem.createDirectories(FileSystem.parent(of: path))
        try AtomicFile.write(Array(Self.encoder().encode(self)), to: path)
        return path
    }

    /// How figures are written for programs.
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return encoder
    }

    /// Reads a results file.
    ///
    /// - Throws: ``PipelineError`` naming the file when it is none.
    public init(file path: String) throws {
        let bytes = try FileSystem.contents(of: path)
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            self = try decoder.decode(Self.self, from: Data(bytes))
        } catch {
            throw PipelineError(
                .corrupt,
                "\(path) is not a results file of patch-bench",
                cause: String(describing: error)
            )
        }
        guard isPlausible else {
            throw PipelineError(.corrupt, "\(path) has numbers that no run of patch-bench has; measure again")
        }
    }

    /// Whether arithmetic on all numbers is safe.
    private var isPlausible: Bool {
        let most = 1 << 24
        let sources = results.values.flatMap(\.values)
        return (1...65_536).contains(workers) && (0...most).contains(repeats) && (0...most).contains(patchSize)
            && sources.allSatisfy { source in
                source.bandGroupShapes.values.allSatisfy { shape in
                    shape.allSatisfy { $0 >= 0 } && (Shape.checkedCount(shape) ?? .max) <= 1 << 40
                } && (0...(1 << 45)).contains(source.patchBytes)
                    && source.samples.allSatisfy { (0...most).contains($0.round) && (0...most).contains($0.files) }
            }
    }
}
