public import FoundationEssentials

extension Contest {
    /// Reads contenders from JSON: `{"contenders": {"a": [s, s, …], "b": […]}, "baseline": "a"}`, seconds round by round.
    ///
    /// - Throws: ``PipelineError`` when it is something else.
    public init(json: Data) throws {
        struct Form: Codable {
            var contenders: [String: [Double]]
            var baseline: String?
        }
        let form: Form
        do {
            form = try JSONDecoder().decode(Form.self, from: json)
        } catch {
            throw PipelineError(.corrupt, "these are no contenders with seconds", cause: String(describing: error))
        }
        guard form.contenders.values.allSatisfy({ $0.allSatisfy { $0 > 0 && $0.isFinite } }) else {
            throw PipelineError(.corrupt, "seconds of contenders are positive numbers")
        }
        self.init(
            entries: form.contenders.keys.sorted().map { name in
                let seconds = form.contenders[name] ?? []
                return Entry(
                    name: name,
                    seconds: Dictionary(uniqueKeysWithValues: seconds.enumerated().map { ($0, $1) })
                )
            },
            baseline: form.baseline
        )
    }

    /// The comparisons as JSON, as they stand in a results file.
    public func comparisonsJSON() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return String(decoding: try encoder.encode(comparisons), as: UTF8.self)
    }
}
